package org.lugha.runtime.cpu.pass;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.LossKernel;

/**
 * Cross-entropy and divergence: with the output layer by blocks of rows and chunks of the
 * vocabulary, see {@link LossBlock}; of given logits row by row, see {@link LogitRows}, and {@link
 * DivergenceRows} where there are two. Blocks and chunks depend on nothing but the shape. Weights
 * may be BF16 or F16; the rest that is not F32 goes to the reference.
 *
 * <p>Extra memory: with the output layer {@code 4 min(N, 1024) (1024 + D + 3)} bytes and what two
 * products pack; of given logits 12 KiB a thread, whatever the shape, and 24 KiB where there are
 * two.
 */
public final class CpuLoss implements LossKernel {
    private final Workers workers;
    private final LossKernel reference;

    public CpuLoss(Workers workers, LossKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void forward(
            Tensor h, Tensor w, Tensor labels, double cap, Into nll, Into lse, Into dh) {
        if (!isOurs(h, w, labels) || !Floats.all(Floats.of(nll), Floats.of(lse), Floats.of(dh))) {
            reference.forward(h, w, labels, cap, nll, lse, dh);
            return;
        }
        for (int from = 0; from < h.dim(0); from += LossBlock.ROWS) {
            new LossBlock(workers, h, w, labels, cap, from).forward(nll, lse, dh);
        }
    }

    @Override
    public void weightGradient(
            Tensor h, Tensor w, Tensor labels, double cap, Tensor lse, double scale, Into dw) {
        if (!isOurs(h, w, labels) || !Floats.all(lse, dw.tensor()) || h.dim(0) == 0) {
            reference.weightGradient(h, w, labels, cap, lse, scale, dw);
            return;
        }
        for (int from = 0; from < h.dim(0); from += LossBlock.ROWS) {
            new LossBlock(workers, h, w, labels, cap, from)
                    .weightGradient(lse.memory(), (float) scale, from == 0 ? dw : dw.more());
        }
    }

    private static boolean isOurs(Tensor h, Tensor w, Tensor labels) {
        boolean isRead =
                w.dtype() == DType.F32 || w.dtype() == DType.BF16 || w.dtype() == DType.F16;
        return isRead && Floats.all(h) && labels.dtype() == DType.I32 && h.dim(1) > 0;
    }

    @Override
    public void logits(Tensor z, Tensor labels, double smoothing, Into nll, Into lse) {
        if (!Floats.all(z, nll.tensor(), lse.tensor())) {
            reference.logits(z, labels, smoothing, nll, lse);
            return;
        }
        MemorySegment toNll = nll.tensor().memory();
        MemorySegment toLse = lse.tensor().memory();
        var rows = new LogitRows(z, labels, smoothing);
        workers.split(
                z.shape().rows(),
                rows.grain(),
                (from, to) -> {
                    for (long n = from; n < to; n++) {
                        boolean isCounted = rows.label(n) >= 0;
                        double total = isCounted ? rows.logSumExp(n) : 0;
                        double hope = isCounted ? rows.hope(n) : 0;
                        Floats.set(toLse, 4 * n, (float) total, lse.beta());
                        Floats.set(toNll, 4 * n, (float) (total - hope), nll.beta());
                    }
                });
    }

    @Override
    public void logitsGradient(
            Tensor z, Tensor labels, double smoothing, Tensor lse, double scale, Into dz) {
        if (!Floats.all(z, lse, dz.tensor())) {
            reference.logitsGradient(z, labels, smoothing, lse, scale, dz);
            return;
        }
        MemorySegment totals = lse.memory();
        MemorySegment out = dz.tensor().memory();
        var rows = new LogitRows(z, labels, smoothing);
        workers.split(
                z.shape().rows(),
                rows.grain(),
                (from, to) -> {
                    for (long n = from; n < to; n++) {
                        float total = Floats.get(totals, 4 * n);
                        rows.gradient(n, total, scale, out, dz.beta());
                    }
                });
    }

    @Override
    public void divergence(Tensor z, Tensor t, double temperature, Into kl, Into dz, Into dt) {
        if (!Floats.all(z, t, kl.tensor(), Floats.of(dz), Floats.of(dt))) {
            reference.divergence(z, t, temperature, kl, dz, dt);
            return;
        }
        MemorySegment to = kl.tensor().memory();
        var rows = new DivergenceRows(z, t, temperature, dz, dt);
        workers.split(
                z.shape().rows(),
                rows.grain(),
                (from, end) -> {
                    for (long n = from; n < end; n++) {
                        Floats.set(to, 4 * n, rows.run(n), kl.beta());
                    }
                });
    }
}
