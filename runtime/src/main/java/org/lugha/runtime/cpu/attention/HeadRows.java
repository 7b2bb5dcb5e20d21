package org.lugha.runtime.cpu.attention;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.function.IntUnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;

/**
 * Rows of heads: one query with four keys at a time, and the weighted sum of four values. What lies
 * between d and the next whole vector is not read.
 */
final class HeadRows {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;
    private static final VectorMask<Float> ODD = lanes(1);
    private static final VectorMask<Float> SECOND_PAIR = lanes(2);
    private static final VectorShuffle<Float> BY_1 = exchange(1);
    private static final VectorShuffle<Float> BY_2 = exchange(2);
    private static final VectorShuffle<Float> BY_4 = exchange(4);
    private static final VectorShuffle<Float> BY_8 = exchange(8);

    // Element i of a row belongs to key i / 4 of stream i % 4.
    private static final FloatVector STREAM = numbers(i -> i % 4);
    private static final FloatVector STEP = numbers(i -> i / 4);

    private HeadRows() {}

    private static FloatVector numbers(IntUnaryOperator f) {
        float[] x = new float[F.length()];
        for (int i = 0; i < x.length; i++) {
            x[i] = f.applyAsInt(i);
        }
        return FloatVector.fromArray(F, x, 0);
    }

    /** Lanes whose number has that bit. */
    private static VectorMask<Float> lanes(int bit) {
        long bits = 0;
        for (int i = 0; i < F.length(); i++) {
            bits |= (i & bit) == 0 ? 0 : 1L << i;
        }
        return VectorMask.fromLong(F, bits);
    }

    private static VectorShuffle<Float> exchange(int bit) {
        return VectorShuffle.fromOp(F, i -> (i ^ bit) % F.length());
    }

    /**
     * {@code z[j] = sum_d q[d] k_j[d]} for four keys, whose bytes are given. Sums of lanes are
     * taken of all four at once: even lanes keep the first of two sums, odd ones the second. A
     * whole vector is stored, of which four lanes count.
     */
    static void dots(
            MemorySegment q,
            long qAt,
            MemorySegment k,
            long k0,
            long k1,
            long k2,
            long k3,
            int d,
            MemorySegment z,
            long zAt) {
        FloatVector a = FloatVector.zero(F);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector e = a;
        long whole = 4L * F.loopBound(d);
        long i = 0;
        for (; i + 4 * BYTES <= whole; i += 4 * BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, q, qAt + i, ORDER);
            a = v.fma(FloatVector.fromMemorySegment(F, k, k0 + i, ORDER), a);
            b = v.fma(FloatVector.fromMemorySegment(F, k, k1 + i, ORDER), b);
            c = v.fma(FloatVector.fromMemorySegment(F, k, k2 + i, ORDER), c);
            e = v.fma(FloatVector.fromMemorySegment(F, k, k3 + i, ORDER), e);
            v = FloatVector.fromMemorySegment(F, q, qAt + i + BYTES, ORDER);
            a = v.fma(FloatVector.fromMemorySegment(F, k, k0 + i + BYTES, ORDER), a);
            b = v.fma(FloatVector.fromMemorySegment(F, k, k1 + i + BYTES, ORDER), b);
            c = v.fma(FloatVector.fromMemorySegment(F, k, k2 + i + BYTES, ORDER), c);
            e = v.fma(FloatVector.fromMemorySegment(F, k, k3 + i + BYTES, ORDER), e);
            v = FloatVector.fromMemorySegment(F, q, qAt + i + 2 * BYTES, ORDER);
            a = v.fma(FloatVector.fromMemorySegment(F, k, k0 + i + 2 * BYTES, ORDER), a);
            b = v.fma(FloatVector.fromMemorySegment(F, k, k1 + i + 2 * BYTES, ORDER), b);
            c = v.fma(FloatVector.fromMemorySegment(F, k, k2 + i + 2 * BYTES, ORDER), c);
            e = v.fma(FloatVector.fromMemorySegment(F, k, k3 + i + 2 * BYTES, ORDER), e);
            v = FloatVector.fromMemorySegment(F, q, qAt + i + 3 * BYTES, ORDER);
            a = v.fma(FloatVector.fromMemorySegment(F, k, k0 + i + 3 * BYTES, ORDER), a);
            b = v.fma(FloatVector.fromMemorySegment(F, k, k1 + i + 3 * BYTES, ORDER), b);
            c = v.fma(FloatVector.fromMemorySegment(F, k, k2 + i + 3 * BYTES, ORDER), c);
            e = v.fma(FloatVector.fromMemorySegment(F, k, k3 + i + 3 * BYTES, ORDER), e);
        }
        for (; i < whole; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, q, qAt + i, ORDER);
            a = v.fma(FloatVector.fromMemorySegment(F, k, k0 + i, ORDER), a);
            b = v.fma(FloatVector.fromMemorySegment(F, k, k1 + i, ORDER), b);
            c = v.fma(FloatVector.fromMemorySegment(F, k, k2 + i, ORDER), c);
            e = v.fma(FloatVector.fromMemorySegment(F, k, k3 + i, ORDER), e);
        }
        if (whole < 4L * d) {
            VectorMask<Float> some = F.indexInRange(whole / 4, d);
            FloatVector v = FloatVector.fromMemorySegment(F, q, qAt + whole, ORDER, some);
            a = v.fma(FloatVector.fromMemorySegment(F, k, k0 + whole, ORDER, some), a);
            b = v.fma(FloatVector.fromMemorySegment(F, k, k1 + whole, ORDER, some), b);
            c = v.fma(FloatVector.fromMemorySegment(F, k, k2 + whole, ORDER, some), c);
            e = v.fma(FloatVector.fromMemorySegment(F, k, k3 + whole, ORDER, some), e);
        }
        FloatVector ab = a.blend(b, ODD).add(b.blend(a, ODD).rearrange(BY_1));
        FloatVector ce = c.blend(e, ODD).add(e.blend(c, ODD).rearrange(BY_1));
        FloatVector s = ab.blend(ce, SECOND_PAIR);
        s = s.add(ce.blend(ab, SECOND_PAIR).rearrange(BY_2));
        if (F.length() > 4) {
            s = s.add(s.rearrange(BY_4));
        }
        if (F.length() > 8) {
            s = s.add(s.rearrange(BY_8));
        }
        s.intoMemorySegment(z, zAt, ORDER);
    }

    /**
     * {@code sum[d] = sum[d] + sum_j p[j] v_j[d]} for four values, whose bytes are given; sum is in
     * whole vectors.
     */
    static void weigh(
            MemorySegment s,
            long p,
            MemorySegment v,
            long v0,
            long v1,
            long v2,
            long v3,
            int d,
            long sum) {
        FloatVector a = FloatVector.broadcast(F, s.get(JAVA_FLOAT_UNALIGNED, p));
        FloatVector b = FloatVector.broadcast(F, s.get(JAVA_FLOAT_UNALIGNED, p + 4));
        FloatVector c = FloatVector.broadcast(F, s.get(JAVA_FLOAT_UNALIGNED, p + 8));
        FloatVector e = FloatVector.broadcast(F, s.get(JAVA_FLOAT_UNALIGNED, p + 12));
        long whole = 4L * F.loopBound(d);
        long i = 0;
        for (; i + 4 * BYTES <= whole; i += 4 * BYTES) {
            FloatVector t0 = FloatVector.fromMemorySegment(F, s, sum + i, ORDER);
            FloatVector t1 = FloatVector.fromMemorySegment(F, s, sum + i + BYTES, ORDER);
            FloatVector t2 = FloatVector.fromMemorySegment(F, s, sum + i + 2 * BYTES, ORDER);
            FloatVector t3 = FloatVector.fromMemorySegment(F, s, sum + i + 3 * BYTES, ORDER);
            t0 = a.fma(FloatVector.fromMemorySegment(F, v, v0 + i, ORDER), t0);
            t1 = a.fma(FloatVector.fromMemorySegment(F, v, v0 + i + BYTES, ORDER), t1);
            t2 = a.fma(FloatVector.fromMemorySegment(F, v, v0 + i + 2 * BYTES, ORDER), t2);
            t3 = a.fma(FloatVector.fromMemorySegment(F, v, v0 + i + 3 * BYTES, ORDER), t3);
            t0 = b.fma(FloatVector.fromMemorySegment(F, v, v1 + i, ORDER), t0);
            t1 = b.fma(FloatVector.fromMemorySegment(F, v, v1 + i + BYTES, ORDER), t1);
            t2 = b.fma(FloatVector.fromMemorySegment(F, v, v1 + i + 2 * BYTES, ORDER), t2);
            t3 = b.fma(FloatVector.fromMemorySegment(F, v, v1 + i + 3 * BYTES, ORDER), t3);
            t0 = c.fma(FloatVector.fromMemorySegment(F, v, v2 + i, ORDER), t0);
            t1 = c.fma(FloatVector.fromMemorySegment(F, v, v2 + i + BYTES, ORDER), t1);
            t2 = c.fma(FloatVector.fromMemorySegment(F, v, v2 + i + 2 * BYTES, ORDER), t2);
            t3 = c.fma(FloatVector.fromMemorySegment(F, v, v2 + i + 3 * BYTES, ORDER), t3);
            t0 = e.fma(FloatVector.fromMemorySegment(F, v, v3 + i, ORDER), t0);
            t1 = e.fma(FloatVector.fromMemorySegment(F, v, v3 + i + BYTES, ORDER), t1);
            t2 = e.fma(FloatVector.fromMemorySegment(F, v, v3 + i + 2 * BYTES, ORDER), t2);
            t3 = e.fma(FloatVector.fromMemorySegment(F, v, v3 + i + 3 * BYTES, ORDER), t3);
            t0.intoMemorySegment(s, sum + i, ORDER);
            t1.intoMemorySegment(s, sum + i + BYTES, ORDER);
            t2.intoMemorySegment(s, sum + i + 2 * BYTES, ORDER);
            t3.intoMemorySegment(s, sum + i + 3 * BYTES, ORDER);
        }
        for (; i < whole; i += BYTES) {
            FloatVector t = FloatVector.fromMemorySegment(F, s, sum + i, ORDER);
            t = a.fma(FloatVector.fromMemorySegment(F, v, v0 + i, ORDER), t);
            t = b.fma(FloatVector.fromMemorySegment(F, v, v1 + i, ORDER), t);
            t = c.fma(FloatVector.fromMemorySegment(F, v, v2 + i, ORDER), t);
            t = e.fma(FloatVector.fromMemorySegment(F, v, v3 + i, ORDER), t);
            t.intoMemorySegment(s, sum + i, ORDER);
        }
        if (whole < 4L * d) {
            VectorMask<Float> some = F.indexInRange(whole / 4, d);
            FloatVector t = FloatVector.fromMemorySegment(F, s, sum + whole, ORDER);
            t = a.fma(FloatVector.fromMemorySegment(F, v, v0 + whole, ORDER, some), t);
            t = b.fma(FloatVector.fromMemorySegment(F, v, v1 + whole, ORDER, some), t);
            t = c.fma(FloatVector.fromMemorySegment(F, v, v2 + whole, ORDER, some), t);
            t = e.fma(FloatVector.fromMemorySegment(F, v, v3 + whole, ORDER, some), t);
            t.intoMemorySegment(s, sum + whole, ORDER);
        }
    }

    /** {@code sum_d a[d] b[d]}. */
    static float dot(MemorySegment a, long ao, MemorySegment b, long bo, int d) {
        long whole = 4 * Floats.whole(d);
        FloatVector s = FloatVector.zero(F);
        long i = 0;
        for (; i < whole; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, a, ao + i, ORDER);
            s = v.fma(FloatVector.fromMemorySegment(F, b, bo + i, ORDER), s);
        }
        float sum = whole == 0 ? 0 : Lanes.sum(s);
        for (; i < 4L * d; i += 4) {
            sum = Math.fma(Floats.get(a, ao + i), Floats.get(b, bo + i), sum);
        }
        return sum;
    }

    /** Sum of n bytes of whole vectors, lanes by halves. */
    static float sum(MemorySegment s, long at, long n) {
        FloatVector v = FloatVector.zero(F);
        for (long i = at; i < at + n; i += BYTES) {
            v = v.add(FloatVector.fromMemorySegment(F, s, i, ORDER));
        }
        if (F.length() > 8) {
            v = v.add(v.rearrange(BY_8));
        }
        if (F.length() > 4) {
            v = v.add(v.rearrange(BY_4));
        }
        v = v.add(v.rearrange(BY_2));
        return v.add(v.rearrange(BY_1)).lane(0);
    }

    /** {@code y = y + x} over n bytes of whole vectors. */
    static void add(MemorySegment x, long xo, MemorySegment y, long yo, long n) {
        for (long i = 0; i < n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, y, yo + i, ORDER);
            v.add(FloatVector.fromMemorySegment(F, x, xo + i, ORDER))
                    .intoMemorySegment(y, yo + i, ORDER);
        }
    }

    /** {@code s = scale s + slope (key + behind)} over a row. */
    static void lean(
            MemorySegment s, long at, long n, int quarter, float scale, float slope, float behind) {
        FloatVector distance =
                STREAM.fma(FloatVector.broadcast(F, (float) quarter), STEP).add(behind);
        FloatVector f = FloatVector.broadcast(F, slope);
        for (long i = at; i < at + n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, s, i, ORDER).mul(scale);
            distance.fma(f, v).intoMemorySegment(s, i, ORDER);
            distance = distance.add(F.length() / 4f);
        }
    }

    /** {@code s = -infinity} in a row where there is no key, or none in {@code [first, end)}. */
    static void hide(MemorySegment s, long at, long n, int quarter, float first, float end) {
        FloatVector start = STREAM.mul((float) quarter);
        FloatVector step = STEP;
        for (long i = at; i < at + n; i += BYTES) {
            FloatVector key = start.add(step);
            var seen = key.compare(GE, first).and(key.compare(LT, end));
            seen = seen.and(step.compare(LT, (float) quarter));
            FloatVector v = FloatVector.fromMemorySegment(F, s, i, ORDER);
            v.blend(Float.NEGATIVE_INFINITY, seen.not()).intoMemorySegment(s, i, ORDER);
            step = step.add(F.length() / 4f);
        }
    }
}
