package org.lugha.runtime.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static jdk.incubator.vector.VectorOperators.LT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

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

    private HeadRows() {}

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
        for (long i = 0; i < whole; i += BYTES) {
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
        for (long i = 0; i < whole; i += BYTES) {
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

    /** {@code s = scale s + slope (key + i - query)} over n bytes, whole vectors of keys. */
    static void lean(MemorySegment s, long at, long n, float scale, float slope, float behind) {
        FloatVector distance = FloatVector.zero(F).addIndex(1).add(behind);
        FloatVector f = FloatVector.broadcast(F, slope);
        for (long i = at; i < at + n; i += BYTES) {
            FloatVector v = FloatVector.fromMemorySegment(F, s, i, ORDER).mul(scale);
            distance.fma(f, v).intoMemorySegment(s, i, ORDER);
            distance = distance.add((float) F.length());
        }
    }

    /** {@code s[i] = -infinity} where i is not in {@code [first, end)}. */
    static void hide(MemorySegment s, long at, long n, float first, float end) {
        FloatVector key = FloatVector.zero(F).addIndex(1);
        for (long i = at; i < at + n; i += BYTES) {
            var unseen = key.compare(LT, first).or(key.compare(LT, end).not());
            FloatVector v = FloatVector.fromMemorySegment(F, s, i, ORDER);
            v.blend(Float.NEGATIVE_INFINITY, unseen).intoMemorySegment(s, i, ORDER);
            key = key.add((float) F.length());
        }
    }
}
