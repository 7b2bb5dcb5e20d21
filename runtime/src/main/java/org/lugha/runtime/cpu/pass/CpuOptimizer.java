package org.lugha.runtime.cpu.pass;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Convert;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Squares;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.OptimizerKernel;

/**
 * Parameter updates, memory read and written once: 28 bytes an element with F32 gradients, which is
 * what the time goes to. Gradients and the rounded copy may be BF16 or F16 and change their type
 * strip by strip; moments and weights that are not F32 go to the reference.
 *
 * <p>Extra memory: {@code 4 STRIP} bytes a thread where the gradient is narrow, else none.
 */
public final class CpuOptimizer implements OptimizerKernel {
    /** Elements of a strip: short, so that its sweep can begin before the next is in the cache. */
    private static final long STRIP = 512;

    private final Workers workers;
    private final OptimizerKernel reference;

    public CpuOptimizer(Workers workers, OptimizerKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void adamW(AdamStep how, Tensor g, Into p, Into m, Into v, Into rounded) {
        if (!Floats.all(p.tensor(), m.tensor(), v.tensor())
                || !Squares.reads(g.dtype())
                || rounded != null && !canRound(rounded)) {
            reference.adamW(how, g, p, m, v, rounded);
            return;
        }
        AdamSweep sweep = AdamSweep.of(how);
        boolean isPlain = g.dtype() == DType.F32 && rounded == null;
        MemorySegment gradient = g.memory();
        MemorySegment weight = p.tensor().memory();
        MemorySegment mean = m.tensor().memory();
        MemorySegment square = v.tensor().memory();
        MemorySegment narrow = Floats.memory(rounded);
        DType to = rounded == null ? DType.F32 : rounded.tensor().dtype();
        workers.split(
                g.count(),
                Floats.GRAIN,
                (from, end) -> {
                    long step = isPlain ? end - from : STRIP;
                    for (long i = from; i < end; i += step) {
                        long n = Math.min(step, end - i);
                        if (g.dtype() == DType.F32) {
                            sweep.run(gradient, 4 * i, weight, mean, square, 4 * i, n);
                        } else {
                            MemorySegment wide = widened(g.dtype(), gradient, i, n);
                            sweep.run(wide, 0, weight, mean, square, 4 * i, n);
                        }
                        if (rounded != null) {
                            Convert.run(DType.F32, weight, 4 * i, to, narrow, to.bytes() * i, n);
                        }
                    }
                });
    }

    private static boolean canRound(Into rounded) {
        DType to = rounded.tensor().dtype();
        return rounded.beta() == 0 && (to == DType.BF16 || to == DType.F16);
    }

    private static MemorySegment widened(DType type, MemorySegment g, long from, long n) {
        MemorySegment wide = Scratch.mine().of(Purpose.ROW, 4 * STRIP);
        Convert.run(type, g, from * type.bytes(), DType.F32, wide, 0, n);
        return wide;
    }
}
