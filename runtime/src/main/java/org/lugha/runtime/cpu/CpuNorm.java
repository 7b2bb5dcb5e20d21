package org.lugha.runtime.cpu;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.NormKernel;

/** Normalisation with a row in the first cache; other types than F32 go to the reference. */
final class CpuNorm implements NormKernel {
    private final Workers workers;
    private final NormKernel reference;

    CpuNorm(Workers workers, NormKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void rms(Tensor x, Tensor weight, double offset, double eps, Into y, Into rstd) {
        if (!Floats.all(x, weight, y.tensor(), Floats.of(rstd))) {
            reference.rms(x, weight, offset, eps, y, rstd);
            return;
        }
        MemorySegment in = x.memory();
        MemorySegment w = weight.memory();
        MemorySegment out = y.tensor().memory();
        MemorySegment save = Floats.memory(rstd);
        float o = (float) offset;
        long d = x.shape().last();
        workers.split(
                x.shape().rows(),
                grain(d),
                (from, to) -> {
                    for (long row = from; row < to; row++) {
                        long at = 4 * row * d;
                        double mean = (double) RmsRow.squares(in, at, d) / d;
                        float r = (float) (1 / Math.sqrt(mean + eps));
                        RmsRow.scale(in, w, o, r, out, y.beta(), at, d);
                        save(save, row, r, rstd);
                    }
                });
    }

    @Override
    public void rmsBackward(
            Tensor x, Tensor weight, double offset, Tensor rstd, Tensor dy, Into dx, Into dweight) {
        if (!Floats.all(x, weight, rstd, dy, Floats.of(dx), Floats.of(dweight))) {
            reference.rmsBackward(x, weight, offset, rstd, dy, dx, dweight);
            return;
        }
        MemorySegment in = x.memory();
        MemorySegment w = weight.memory();
        MemorySegment saved = rstd.memory();
        float o = (float) offset;
        MemorySegment gradient = dy.memory();
        MemorySegment out = Floats.memory(dx);
        float beta = Floats.beta(dx);
        long d = x.shape().last();
        long rows = x.shape().rows();
        long grain = rowsOfPart(rows);
        long parts = dweight == null ? 0 : (rows + grain - 1) / grain;
        try (Partials sums = Partials.of(x.device(), parts, d, "rms_norm")) {
            workers.split(
                    rows,
                    grain,
                    (from, to) -> {
                        if (dweight != null) {
                            sums.clear(from / grain);
                        }
                        for (long row = from; row < to; row++) {
                            long at = 4 * row * d;
                            float r = Floats.get(saved, 4 * row);
                            if (dx != null) {
                                float dot = RmsRow.dot(in, w, o, gradient, at, d);
                                float f = (float) ((double) r * r * r * dot / d);
                                RmsRow.gradient(in, w, o, gradient, r, f, out, beta, at, d);
                            }
                            if (dweight != null) {
                                long part = sums.at(from / grain);
                                RmsRow.weight(in, gradient, r, sums.memory(), part, at, d);
                            }
                        }
                    });
            if (dweight != null) {
                sums.sumInto(dweight, workers);
            }
        }
    }

    @Override
    public void layer(
            Tensor x, Tensor weight, Tensor bias, double eps, Into y, Into mean, Into rstd) {
        if (!Floats.all(x, weight, bias, y.tensor(), Floats.of(mean), Floats.of(rstd))) {
            reference.layer(x, weight, bias, eps, y, mean, rstd);
            return;
        }
        MemorySegment in = x.memory();
        MemorySegment w = weight.memory();
        MemorySegment b = Floats.memory(bias);
        MemorySegment out = y.tensor().memory();
        MemorySegment means = Floats.memory(mean);
        MemorySegment rstds = Floats.memory(rstd);
        long d = x.shape().last();
        workers.split(
                x.shape().rows(),
                grain(d),
                (from, to) -> {
                    for (long row = from; row < to; row++) {
                        long at = 4 * row * d;
                        float m = LayerRow.sum(in, at, d) / d;
                        double variance = (double) LayerRow.squares(in, m, at, d) / d;
                        float r = (float) (1 / Math.sqrt(variance + eps));
                        LayerRow.scale(in, w, b, m, r, out, y.beta(), at, d);
                        save(means, row, m, mean);
                        save(rstds, row, r, rstd);
                    }
                });
    }

    @Override
    public void layerBackward(
            Tensor x,
            Tensor weight,
            Tensor mean,
            Tensor rstd,
            Tensor dy,
            Into dx,
            Into dweight,
            Into dbias) {
        if (!Floats.all(
                x, weight, mean, rstd, dy, Floats.of(dx), Floats.of(dweight), Floats.of(dbias))) {
            reference.layerBackward(x, weight, mean, rstd, dy, dx, dweight, dbias);
            return;
        }
        boolean hasSums = dweight != null || dbias != null;
        long rows = x.shape().rows();
        long grain = rowsOfPart(rows);
        long parts = hasSums ? (rows + grain - 1) / grain : 0;
        LayerBackward call = LayerBackward.of(x, weight, mean, rstd, dy, dx);
        try (Partials sums = Partials.of(x.device(), 2 * parts, call.d(), "layer_norm")) {
            workers.split(
                    rows,
                    grain,
                    (from, to) -> {
                        long part = from / grain;
                        if (hasSums) {
                            sums.clear(part);
                            sums.clear(parts + part);
                        }
                        for (long row = from; row < to; row++) {
                            if (dx != null) {
                                call.inputs(row, dx.beta());
                            }
                            if (hasSums) {
                                call.sums(row, sums, part, parts + part);
                            }
                        }
                    });
            if (dweight != null) {
                sums.range(0, parts).sumInto(dweight, workers);
            }
            if (dbias != null) {
                sums.range(parts, 2 * parts).sumInto(dbias, workers);
            }
        }
    }

    private record LayerBackward(
            MemorySegment x,
            MemorySegment w,
            MemorySegment means,
            MemorySegment rstds,
            MemorySegment dy,
            MemorySegment dx,
            long d) {

        static LayerBackward of(Tensor x, Tensor w, Tensor mean, Tensor rstd, Tensor dy, Into dx) {
            return new LayerBackward(
                    x.memory(),
                    w.memory(),
                    mean.memory(),
                    rstd.memory(),
                    dy.memory(),
                    Floats.memory(dx),
                    x.shape().last());
        }

        void inputs(long row, float beta) {
            long at = 4 * row * d;
            float m = Floats.get(means, 4 * row);
            float r = Floats.get(rstds, 4 * row);
            float a = LayerRow.sumOfGradient(w, dy, at, d) / d;
            float c = LayerRow.dot(x, w, dy, m, r, at, d) / d;
            LayerRow.gradient(x, w, dy, m, r, a, c, dx, beta, at, d);
        }

        void sums(long row, Partials to, long weight, long bias) {
            float m = Floats.get(means, 4 * row);
            float r = Floats.get(rstds, 4 * row);
            LayerRow.weight(x, dy, m, r, to.memory(), to.at(weight), to.at(bias), 4 * row * d, d);
        }
    }

    private static void save(MemorySegment to, long row, float value, Into into) {
        if (Floats.isGiven(to)) {
            Floats.set(to, 4 * row, value, into.beta());
        }
    }

    private static long grain(long d) {
        return Math.max(1, Floats.GRAIN / Math.max(1, d));
    }

    /** At most 64 parts, none of fewer than 16 rows: private sums then cost little. */
    private static long rowsOfPart(long rows) {
        return Math.max(16, (rows + 63) / 64);
    }
}
