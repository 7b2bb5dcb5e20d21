package org.lugha.runtime.cpu;

import static org.lugha.runtime.cpu.Floats.BYTES;
import static org.lugha.runtime.cpu.Floats.get;
import static org.lugha.runtime.cpu.Floats.load;
import static org.lugha.runtime.cpu.Floats.set;
import static org.lugha.runtime.cpu.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.Scratch.Purpose;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.SoftmaxKernel;

/** Softmax row by row; other types than F32 go to the reference. */
final class CpuSoftmax implements SoftmaxKernel {

    private final Workers workers;
    private final SoftmaxKernel reference;

    CpuSoftmax(Workers workers, SoftmaxKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void forward(Tensor x, Into y) {
        if (!Floats.all(x, y.tensor())) {
            reference.forward(x, y);
            return;
        }
        MemorySegment in = x.memory();
        MemorySegment out = y.tensor().memory();
        long d = x.shape().last();
        workers.split(
                x.shape().rows(),
                Math.max(1, Floats.GRAIN / 4 / Math.max(1, d)),
                (from, to) -> {
                    MemorySegment e = Scratch.mine().of(Purpose.ROW, 4 * d);
                    for (long at = 4 * from * d; at < 4 * to * d; at += 4 * d) {
                        float max = SoftmaxRow.max(in, at, d);
                        float sum = SoftmaxRow.exponentials(in, at, max, e, 0, d);
                        SoftmaxRow.scale(e, 0, 1 / sum, out, y.beta(), at, d);
                    }
                });
    }

    @Override
    public void backward(Tensor y, Tensor dy, Into dx) {
        if (!Floats.all(y, dy, dx.tensor())) {
            reference.backward(y, dy, dx);
            return;
        }
        MemorySegment value = y.memory();
        MemorySegment gradient = dy.memory();
        MemorySegment out = dx.tensor().memory();
        long d = y.shape().last();
        workers.split(
                y.shape().rows(),
                Math.max(1, Floats.GRAIN / Math.max(1, d)),
                (from, to) -> {
                    for (long at = 4 * from * d; at < 4 * to * d; at += 4 * d) {
                        float dot = dot(value, gradient, at, d);
                        inputs(value, gradient, dot, out, dx.beta(), at, d);
                    }
                });
    }

    private static float dot(MemorySegment y, MemorySegment dy, long at, long d) {
        long whole = 4 * Floats.whole(d);
        FloatVector s = FloatVector.zero(Lanes.F);
        long i = 0;
        for (; i < whole; i += BYTES) {
            s = load(y, at + i).fma(load(dy, at + i), s);
        }
        float sum = Lanes.sum(s);
        for (; i < 4 * d; i += 4) {
            sum = Math.fma(get(y, at + i), get(dy, at + i), sum);
        }
        return sum;
    }

    private static void inputs(
            MemorySegment y,
            MemorySegment dy,
            float dot,
            MemorySegment dx,
            float beta,
            long at,
            long d) {
        long whole = 4 * Floats.whole(d);
        long i = 0;
        for (; i < whole; i += BYTES) {
            store(load(dy, at + i).sub(dot).mul(load(y, at + i)), dx, at + i, beta);
        }
        for (; i < 4 * d; i += 4) {
            set(dx, at + i, (get(dy, at + i) - dot) * get(y, at + i), beta);
        }
    }
}
