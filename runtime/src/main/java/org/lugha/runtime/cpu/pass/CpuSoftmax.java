package org.lugha.runtime.cpu.pass;

import static org.lugha.runtime.cpu.lane.Floats.BYTES;
import static org.lugha.runtime.cpu.lane.Floats.get;
import static org.lugha.runtime.cpu.lane.Floats.load;
import static org.lugha.runtime.cpu.lane.Floats.set;
import static org.lugha.runtime.cpu.lane.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Rows;
import org.lugha.runtime.cpu.lane.SoftmaxRow;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.SoftmaxKernel;

/**
 * Softmax row by row; F64 goes to the reference.
 *
 * <p>Extra memory, for each thread: {@code 4 D} bytes, and that of {@link Rows} with up to three
 * operands.
 */
public final class CpuSoftmax implements SoftmaxKernel {

    private final Workers workers;
    private final SoftmaxKernel reference;

    public CpuSoftmax(Workers workers, SoftmaxKernel reference) {
        this.workers = workers;
        this.reference = reference;
    }

    @Override
    public void forward(Tensor x, Into y) {
        if (!Floats.wide(x, y.tensor())) {
            reference.forward(x, y);
            return;
        }
        long d = x.shape().last();
        Rows rows = Rows.read(Purpose.ROWS, d, x).into(y);
        workers.split(
                x.shape().rows(),
                Math.max(1, Floats.GRAIN / 4 / Math.max(1, d)),
                (from, to) -> {
                    MemorySegment e = Scratch.mine().of(Purpose.ROW, 4 * d);
                    MemorySegment[] m = rows.floats();
                    for (long row = from; row < to; row++) {
                        long at = rows.open(m, row);
                        float max = SoftmaxRow.max(m[0], at, d);
                        float sum = SoftmaxRow.exponentials(m[0], at, max, e, 0, d);
                        SoftmaxRow.scale(e, 0, 1 / sum, m[1], y.beta(), at, d);
                        rows.close(m, row);
                    }
                });
    }

    @Override
    public void backward(Tensor y, Tensor dy, Into dx) {
        if (!Floats.wide(y, dy, dx.tensor())) {
            reference.backward(y, dy, dx);
            return;
        }
        long d = y.shape().last();
        Rows rows = Rows.read(Purpose.ROWS, d, y, dy).into(dx);
        workers.split(
                y.shape().rows(),
                Math.max(1, Floats.GRAIN / Math.max(1, d)),
                (from, to) -> {
                    MemorySegment[] m = rows.floats();
                    for (long row = from; row < to; row++) {
                        long at = rows.open(m, row);
                        float dot = dot(m[0], m[1], at, d);
                        inputs(m[0], m[1], dot, m[2], dx.beta(), at, d);
                        rows.close(m, row);
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
