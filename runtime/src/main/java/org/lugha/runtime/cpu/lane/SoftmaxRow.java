package org.lugha.runtime.cpu.lane;

import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static org.lugha.runtime.cpu.lane.Floats.BYTES;
import static org.lugha.runtime.cpu.lane.Floats.get;
import static org.lugha.runtime.cpu.lane.Floats.load;
import static org.lugha.runtime.cpu.lane.Floats.set;
import static org.lugha.runtime.cpu.lane.Floats.store;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** The pieces of a softmax over {@code d} floats at a byte offset. */
public final class SoftmaxRow {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private SoftmaxRow() {}

    public static float max(MemorySegment x, long at, long d) {
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
    public static float exponentials(
            MemorySegment x, long at, float max, MemorySegment e, long eAt, long d) {
        long whole = 4 * Floats.whole(d);
        float sum = vectors(x, at, max, e, eAt, whole);
        long i = whole;
        for (; i < 4 * d; i += 4) {
            float v = (float) StrictMath.exp(get(x, at + i) - max);
            set(e, eAt + i, v);
            sum += v;
        }
        return sum;
    }

    /** {@code e = exp(x - max)} for n bytes of whole vectors, see {@link InLoop}; gives the sum. */
    private static float vectors(
            MemorySegment x, long at, float max, MemorySegment e, long eAt, long n) {
        MemorySegment t = InLoop.scratch();
        FloatVector sum = FloatVector.zero(F);
        for (long i = 0; i < n; i += BYTES) {
            FloatVector u = FloatVector.fromMemorySegment(F, x, at + i, ORDER).sub(max);
            FloatVector k = u.fma(InLoop.LOG2_E, InLoop.MAGIC);
            k.intoMemorySegment(t, 0, ORDER);
            IntVector bits = IntVector.fromMemorySegment(Lanes.I, t, 0, ORDER).lanewise(LSHL, 23);
            bits.intoMemorySegment(t, BYTES, ORDER);
            k = k.sub(InLoop.MAGIC);
            FloatVector r = k.fma(FloatVector.broadcast(F, InLoop.LN2_HIGH), u);
            r = k.fma(FloatVector.broadcast(F, InLoop.LN2_LOW), r);
            FloatVector p = r.fma(InLoop.E5, InLoop.E4);
            p = p.fma(r, FloatVector.broadcast(F, InLoop.E3));
            p = p.fma(r, FloatVector.broadcast(F, InLoop.E2));
            p = p.fma(r, FloatVector.broadcast(F, InLoop.E1));
            p = p.mul(r).fma(r, r).add(1f);
            p = p.mul(FloatVector.fromMemorySegment(F, t, BYTES, ORDER));
            p = p.blend(0f, u.compare(LT, InLoop.LEAST));
            p.intoMemorySegment(e, eAt + i, ORDER);
            sum = sum.add(p);
        }
        return Lanes.sum(sum);
    }

    /** {@code y = beta y + factor e}, where y may be e. */
    public static void scale(
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
    public static void scaleLess(
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
