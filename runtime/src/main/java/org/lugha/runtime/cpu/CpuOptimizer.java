package org.lugha.runtime.cpu;

import static org.lugha.runtime.cpu.Floats.BYTES;
import static org.lugha.runtime.cpu.Floats.load;
import static org.lugha.runtime.cpu.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.OptimizerKernel;

/** Parameter updates, memory read and written once; other types than F32 go to the reference. */
final class CpuOptimizer implements OptimizerKernel {
    private final Workers workers;
    private final OptimizerKernel reference;

    CpuOptimizer(Workers workers, OptimizerKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void adamW(AdamStep how, Tensor g, Into p, Into m, Into v) {
        if (!Floats.all(g, p.tensor(), m.tensor(), v.tensor())) {
            reference.adamW(how, g, p, m, v);
            return;
        }
        AdamNumbers n = AdamNumbers.of(how);
        MemorySegment gradient = g.memory();
        MemorySegment weight = p.tensor().memory();
        MemorySegment first = m.tensor().memory();
        MemorySegment second = v.tensor().memory();
        workers.split(
                g.count(),
                Floats.GRAIN,
                (from, to) -> {
                    long whole = from + Floats.whole(to - from);
                    sweep(n, gradient, weight, first, second, 4 * from, 4 * whole);
                    rest(n, gradient, weight, first, second, 4 * whole, 4 * to);
                });
    }

    /** Constants worked out in double precision. */
    private record AdamNumbers(
            float keep1,
            float take1,
            float keep2,
            float take2,
            float decay,
            float step,
            float root,
            float eps,
            float scale) {
        static AdamNumbers of(AdamStep a) {
            double correction1 = 1 - StrictMath.pow(a.beta1(), (double) a.step());
            double correction2 = 1 - StrictMath.pow(a.beta2(), (double) a.step());
            return new AdamNumbers(
                    (float) a.beta1(),
                    (float) (1 - a.beta1()),
                    (float) a.beta2(),
                    (float) (1 - a.beta2()),
                    (float) (-a.lr() * a.weightDecay()),
                    (float) (-a.lr() / correction1),
                    (float) (1 / Math.sqrt(correction2)),
                    (float) a.eps(),
                    (float) a.gradientScale());
        }
    }

    private static void sweep(
            AdamNumbers n,
            MemorySegment g,
            MemorySegment p,
            MemorySegment m,
            MemorySegment v,
            long from,
            long to) {
        FloatVector keep1 = FloatVector.broadcast(Lanes.F, n.keep1);
        FloatVector keep2 = FloatVector.broadcast(Lanes.F, n.keep2);
        FloatVector root = FloatVector.broadcast(Lanes.F, n.root);
        FloatVector eps = FloatVector.broadcast(Lanes.F, n.eps);
        FloatVector decay = FloatVector.broadcast(Lanes.F, n.decay);
        for (long i = from; i < to; i += BYTES) {
            FloatVector gradient = load(g, i).mul(n.scale);
            FloatVector first = load(m, i).fma(keep1, gradient.mul(n.take1));
            FloatVector second = load(v, i).fma(keep2, gradient.mul(gradient).mul(n.take2));
            FloatVector weight = load(p, i);
            weight = weight.fma(decay, weight);
            FloatVector by = first.mul(n.step).div(second.sqrt().fma(root, eps));
            store(first, m, i);
            store(second, v, i);
            store(weight.add(by), p, i);
        }
    }

    /** The same for the few elements that fill no vector. */
    private static void rest(
            AdamNumbers n,
            MemorySegment g,
            MemorySegment p,
            MemorySegment m,
            MemorySegment v,
            long from,
            long to) {
        for (long i = from; i < to; i += 4) {
            float gradient = Floats.get(g, i) * n.scale;
            float first = Math.fma(Floats.get(m, i), n.keep1, gradient * n.take1);
            float second = Math.fma(Floats.get(v, i), n.keep2, gradient * gradient * n.take2);
            float weight = Math.fma(Floats.get(p, i), n.decay, Floats.get(p, i));
            float by = first * n.step / Math.fma((float) Math.sqrt(second), n.root, n.eps);
            Floats.set(m, i, first);
            Floats.set(v, i, second);
            Floats.set(p, i, weight + by);
        }
    }
}
