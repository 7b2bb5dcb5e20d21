package org.lugha.runtime.cpu;

import static org.lugha.runtime.cpu.Floats.BYTES;
import static org.lugha.runtime.cpu.Floats.get;
import static org.lugha.runtime.cpu.Floats.load;
import static org.lugha.runtime.cpu.Floats.set;
import static org.lugha.runtime.cpu.Floats.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** The pieces of a softmax over {@code d} floats at a byte offset. */
final class SoftmaxRow {
    private SoftmaxRow() {}

    static float max(MemorySegment x, long at, long d) {
        long whole = 4 * Floats.whole(d);
        FloatVector m = FloatVector.broadcast(Lanes.F, Float.NEGATIVE_INFINITY);
        long i = 0;
        for (; i < whole; i += BYTES) {
            m = m.max(load(x, at + i));
        }
        float max = Lanes.max(m);
        for (; i < 4 * d; i += 4) {
            max = Math.max(max, get(x, at + i));
        }
        return max;
    }

    /** {@code e = exp(x - max)}, where e may be x; gives their sum. */
    static float exponentials(
            MemorySegment x, long at, float max, MemorySegment e, long eAt, long d) {
        long whole = 4 * Floats.whole(d);
        Powers.exp(x, at, 1, -max, e, eAt, whole);
        FloatVector s = FloatVector.zero(Lanes.F);
        long i = 0;
        for (; i < whole; i += BYTES) {
            s = s.add(load(e, eAt + i));
        }
        float sum = Lanes.sum(s);
        for (; i < 4 * d; i += 4) {
            float v = (float) StrictMath.exp(get(x, at + i) - max);
            set(e, eAt + i, v);
            sum += v;
        }
        return sum;
    }

    /** {@code y = beta y + factor e}, where y may be e. */
    static void scale(
            MemorySegment e, long eAt, float factor, MemorySegment y, float beta, long at, long d) {
        long whole = 4 * Floats.whole(d);
        long i = 0;
        for (; i < whole; i += BYTES) {
            store(load(e, eAt + i).mul(factor), y, at + i, beta);
        }
        for (; i < 4 * d; i += 4) {
            set(y, at + i, get(e, eAt + i) * factor, beta);
        }
    }

    /** {@code y = beta y + factor e - w}. */
    static void scaleLess(
            MemorySegment e,
            long eAt,
            float factor,
            MemorySegment w,
            long wAt,
            MemorySegment y,
            float beta,
            long at,
            long d) {
        long whole = 4 * Floats.whole(d);
        long i = 0;
        for (; i < whole; i += BYTES) {
            store(load(e, eAt + i).mul(factor).sub(load(w, wAt + i)), y, at + i, beta);
        }
        for (; i < 4 * d; i += 4) {
            set(y, at + i, get(e, eAt + i) * factor - get(w, wAt + i), beta);
        }
    }
}
