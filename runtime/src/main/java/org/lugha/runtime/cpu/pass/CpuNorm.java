package org.lugha.runtime.cpu.pass;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Rows;
import org.lugha.runtime.cpu.thread.Partials;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.NormKernel;

/**
 * Normalisation with a row in the first cache; F64 goes to the reference, and statistics other than
 * F32 do.
 *
 * <p>Extra memory: for gradients of weights {@code 4 D min(64, rows / 16)} bytes each; for each
 * thread, where an operand is BF16 or F16, that of {@link Rows}, three operands at most.
 */
public final class CpuNorm implements NormKernel {
    private final Workers workers;
    private final NormKernel reference;

    public CpuNorm(Workers workers, NormKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void rms(Tensor x, Tensor weight, double offset, double eps, Into y, Into rstd) {
        if (!Floats.wide(x, weight, y.tensor()) || !Floats.all(Floats.of(rstd))) {
            reference.rms(x, weight, offset, eps, y, rstd);
            return;
        }
        long d = x.shape().last();
        MemorySegment w = Rows.vector(weight, 0);
        MemorySegment save = Floats.memory(rstd);
        float o = (float) offset;
        Rows rows = Rows.read(Purpose.ROWS, d, x).into(y);
        workers.split(
                x.shape().rows(),
                grain(d),
                (from, to) -> {
                    MemorySegment[] m = rows.floats();
                    for (long row = from; row < to; row++) {
                        long at = rows.open(m, row);
                        double mean = (double) RmsRow.squares(m[0], at, d) / d;
                        float r = (float) (1 / Math.sqrt(mean + eps));
                        RmsRow.scale(m[0], w, o, r, m[1], y.beta(), at, d);
                        rows.close(m, row);
                        save(save, row, r, rstd);
                    }
                });
    }

    @Override
    public void rmsBackward(
            Tensor x, Tensor weight, double offset, Tensor rstd, Tensor dy, Into dx, Into dweight) {
        if (!takes(rstd, x, weight, dy, Floats.of(dx), Floats.of(dweight))) {
            reference.rmsBackward(x, weight, offset, rstd, dy, dx, dweight);
            return;
        }
        long d = x.shape().last();
        long rows = x.shape().rows();
        MemorySegment w = Rows.vector(weight, 0);
        MemorySegment saved = rstd.memory();
        float o = (float) offset;
        float beta = Floats.beta(dx);
        Rows each = Rows.read(Purpose.ROWS, d, x, dy).into(dx);
        long grain = rowsOfPart(rows);
        try (Partials sums = rmsSums(x, dweight)) {
            workers.split(
                    rows,
                    grain,
                    (from, to) -> {
                        if (dweight != null) {
                            sums.clear(from / grain);
                        }
                        MemorySegment[] m = each.floats();
                        for (long row = from; row < to; row++) {
                            long at = each.open(m, row);
                            float r = Floats.get(saved, 4 * row);
                            if (dx != null) {
                                float dot = RmsRow.dot(m[0], w, o, m[1], at, d);
                                float f = (float) ((double) r * r * r * dot / d);
                                RmsRow.gradient(m[0], w, o, m[1], r, f, m[2], beta, at, d);
                            }
                            if (dweight != null) {
                                long part = sums.at(from / grain);
                                RmsRow.weight(m[0], m[1], r, sums.memory(), part, at, d);
                            }
                            each.close(m, row);
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
        if (!Floats.wide(x, weight, bias, y.tensor())
                || !Floats.all(Floats.of(mean), Floats.of(rstd))) {
            reference.layer(x, weight, bias, eps, y, mean, rstd);
            return;
        }
        long d = x.shape().last();
        MemorySegment w = Rows.vector(weight, 0);
        MemorySegment b = Rows.vector(bias, 1);
        MemorySegment means = Floats.memory(mean);
        MemorySegment rstds = Floats.memory(rstd);
        Rows rows = Rows.read(Purpose.ROWS, d, x).into(y);
        workers.split(
                x.shape().rows(),
                grain(d),
                (from, to) -> {
                    MemorySegment[] s = rows.floats();
                    for (long row = from; row < to; row++) {
                        long at = rows.open(s, row);
                        float m = LayerRow.sum(s[0], at, d) / d;
                        double variance = (double) LayerRow.squares(s[0], m, at, d) / d;
                        float r = (float) (1 / Math.sqrt(variance + eps));
                        LayerRow.scale(s[0], w, b, m, r, s[1], y.beta(), at, d);
                        rows.close(s, row);
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
        Tensor[] wide = {x, weight, dy, Floats.of(dx), Floats.of(dweight), Floats.of(dbias)};
        if (!takes(rstd, wide) || !Floats.all(mean)) {
            reference.layerBackward(x, weight, mean, rstd, dy, dx, dweight, dbias);
            return;
        }
        boolean hasSums = dweight != null || dbias != null;
        long rows = x.shape().rows();
        long grain = rowsOfPart(rows);
        long parts = parts(x, hasSums);
        LayerBackward call = LayerBackward.of(x, weight, mean, rstd, dy, dx);
        try (Partials sums = layerSums(x, dweight, dbias)) {
            workers.split(
                    rows,
                    grain,
                    (from, to) -> {
                        long part = from / grain;
                        if (hasSums) {
                            sums.clear(part);
                            sums.clear(parts + part);
                        }
                        MemorySegment[] m = call.rows().floats();
                        for (long row = from; row < to; row++) {
                            long at = call.rows().open(m, row);
                            if (dx != null) {
                                call.inputs(m, row, at, dx.beta());
                            }
                            if (hasSums) {
                                call.sums(m, row, at, sums, part, parts + part);
                            }
                            call.rows().close(m, row);
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

    /** Rows of x, dy and dx. */
    private record LayerBackward(
            Rows rows, MemorySegment w, MemorySegment means, MemorySegment rstds, long d) {

        static LayerBackward of(Tensor x, Tensor w, Tensor mean, Tensor rstd, Tensor dy, Into dx) {
            long d = x.shape().last();
            return new LayerBackward(
                    Rows.read(Purpose.ROWS, d, x, dy).into(dx),
                    Rows.vector(w, 0),
                    mean.memory(),
                    rstd.memory(),
                    d);
        }

        void inputs(MemorySegment[] s, long row, long at, float beta) {
            float m = Floats.get(means, 4 * row);
            float r = Floats.get(rstds, 4 * row);
            float a = LayerRow.sumOfGradient(w, s[1], at, d) / d;
            float c = LayerRow.dot(s[0], w, s[1], m, r, at, d) / d;
            LayerRow.gradient(s[0], w, s[1], m, r, a, c, s[2], beta, at, d);
        }

        void sums(MemorySegment[] s, long row, long at, Partials to, long weight, long bias) {
            float m = Floats.get(means, 4 * row);
            float r = Floats.get(rstds, 4 * row);
            MemorySegment sums = to.memory();
            LayerRow.weight(s[0], s[1], m, r, sums, to.at(weight), to.at(bias), at, d);
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

    /** Whether these are for this kernel and not for the reference. */
    static boolean takes(Tensor rstd, Tensor... wide) {
        return Floats.wide(wide) && Floats.all(rstd);
    }

    /** Where the gradient of a weight is summed up. */
    static Partials rmsSums(Tensor x, Into dweight) {
        long parts = parts(x, dweight != null);
        return Partials.of(x.device(), parts, x.shape().last(), "rms_norm");
    }

    /** Where the gradients of weight and bias are summed up. */
    static Partials layerSums(Tensor x, Into dweight, Into dbias) {
        long parts = parts(x, dweight != null || dbias != null);
        return Partials.of(x.device(), 2 * parts, x.shape().last(), "layer_norm");
    }

    private static long parts(Tensor x, boolean isWanted) {
        long grain = rowsOfPart(x.shape().rows());
        return isWanted ? (x.shape().rows() + grain - 1) / grain : 0;
    }

    /** At most 64 parts, none of fewer than 16 rows: private sums then cost little. */
    private static long rowsOfPart(long rows) {
        return Math.max(16, (rows + 63) / 64);
    }
}
