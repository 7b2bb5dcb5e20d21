package org.lugha.runtime.cpu.matmul;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.OR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Powers;

/**
 * One row of floats times rows of BF16 or F16 in memory. An int holds two elements; a vector of
 * ints becomes one of the even and one of the odd elements, whose bits become floats in a few lines
 * of memory, see {@link Powers}: a store that is loaded again at once never leaves the core. That
 * way loads from memory run ahead, which they do not when rows are widened in a loop of their own.
 */
public final class HalfDots {
    /** Elements that lie in another order than in memory. */
    static final int PAIRS = 2 * Lanes.N;

    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = Lanes.I;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;

    /** Memory that each loop passes its bits through. */
    static final long OWN_BYTES = 8 * BYTES;

    /** Whether lanes of two vectors are selected in one step. */
    static final boolean HAS_SELECTION = Lanes.N == 16;

    private static final IntVector EVEN = IntVector.zero(I).addIndex(2);
    private static final IntVector ODD = EVEN.add(1);

    private HalfDots() {}

    /** Of every {@link #PAIRS} elements the even ones, then the odd ones; n a multiple of it. */
    static void part(MemorySegment x, long from, long n, MemorySegment to) {
        for (long i = 0; i < 4 * n; i += 2 * BYTES) {
            IntVector a = IntVector.fromMemorySegment(I, x, from + i, ORDER);
            IntVector b = IntVector.fromMemorySegment(I, x, from + i + BYTES, ORDER);
            EVEN.selectFrom(a, b).intoMemorySegment(to, i, ORDER);
            ODD.selectFrom(a, b).intoMemorySegment(to, i + BYTES, ORDER);
        }
    }

    /** Four floats at {@code sums}; n a multiple of {@link #PAIRS}. */
    static void bf16(
            MemorySegment x,
            long xAt,
            MemorySegment w,
            long at0,
            long at1,
            long at2,
            long at3,
            int n,
            MemorySegment own,
            MemorySegment sums) {
        FloatVector s0 = FloatVector.zero(F), s1 = s0, s2 = s0, s3 = s0;
        FloatVector t0 = s0, t1 = s0, t2 = s0, t3 = s0;
        for (long i = 0; i < 2L * n; i += BYTES) {
            IntVector v0 = IntVector.fromMemorySegment(I, w, at0 + i, ORDER);
            IntVector v1 = IntVector.fromMemorySegment(I, w, at1 + i, ORDER);
            IntVector v2 = IntVector.fromMemorySegment(I, w, at2 + i, ORDER);
            IntVector v3 = IntVector.fromMemorySegment(I, w, at3 + i, ORDER);
            v0.lanewise(LSHL, 16).intoMemorySegment(own, 0, ORDER);
            v0.and(0xFFFF0000).intoMemorySegment(own, BYTES, ORDER);
            v1.lanewise(LSHL, 16).intoMemorySegment(own, 2 * BYTES, ORDER);
            v1.and(0xFFFF0000).intoMemorySegment(own, 3 * BYTES, ORDER);
            v2.lanewise(LSHL, 16).intoMemorySegment(own, 4 * BYTES, ORDER);
            v2.and(0xFFFF0000).intoMemorySegment(own, 5 * BYTES, ORDER);
            v3.lanewise(LSHL, 16).intoMemorySegment(own, 6 * BYTES, ORDER);
            v3.and(0xFFFF0000).intoMemorySegment(own, 7 * BYTES, ORDER);
            FloatVector x0 = FloatVector.fromMemorySegment(F, x, xAt + 2 * i, ORDER);
            FloatVector x1 = FloatVector.fromMemorySegment(F, x, xAt + 2 * i + BYTES, ORDER);
            s0 = x0.fma(FloatVector.fromMemorySegment(F, own, 0, ORDER), s0);
            t0 = x1.fma(FloatVector.fromMemorySegment(F, own, BYTES, ORDER), t0);
            s1 = x0.fma(FloatVector.fromMemorySegment(F, own, 2 * BYTES, ORDER), s1);
            t1 = x1.fma(FloatVector.fromMemorySegment(F, own, 3 * BYTES, ORDER), t1);
            s2 = x0.fma(FloatVector.fromMemorySegment(F, own, 4 * BYTES, ORDER), s2);
            t2 = x1.fma(FloatVector.fromMemorySegment(F, own, 5 * BYTES, ORDER), t2);
            s3 = x0.fma(FloatVector.fromMemorySegment(F, own, 6 * BYTES, ORDER), s3);
            t3 = x1.fma(FloatVector.fromMemorySegment(F, own, 7 * BYTES, ORDER), t3);
        }
        s0.add(t0).intoMemorySegment(own, 0, ORDER);
        s1.add(t1).intoMemorySegment(own, BYTES, ORDER);
        s2.add(t2).intoMemorySegment(own, 2 * BYTES, ORDER);
        s3.add(t3).intoMemorySegment(own, 3 * BYTES, ORDER);
        Lanes.sumFour(own, sums);
    }

    /**
     * Two floats at {@code sums + to}; n a multiple of {@link #PAIRS}. Shifted into place a half
     * has an exponent 112 too small, which an exact product mends.
     */
    static void f16(
            MemorySegment x,
            long xAt,
            MemorySegment w,
            long at0,
            long at1,
            int n,
            MemorySegment own,
            MemorySegment sums,
            long to) {
        FloatVector s0 = FloatVector.zero(F), s1 = s0, t0 = s0, t1 = s0;
        for (long i = 0; i < 2L * n; i += BYTES) {
            IntVector v = IntVector.fromMemorySegment(I, w, at0 + i, ORDER);
            IntVector u = IntVector.fromMemorySegment(I, w, at1 + i, ORDER);
            IntVector a = v.lanewise(LSHL, 13).and(0xFFFE000);
            IntVector b = v.lanewise(LSHR, 3).and(0xFFFE000);
            IntVector c = u.lanewise(LSHL, 13).and(0xFFFE000);
            IntVector d = u.lanewise(LSHR, 3).and(0xFFFE000);
            a = a.lanewise(OR, 0x7F800000, a.compare(GE, 0xF800000));
            b = b.lanewise(OR, 0x7F800000, b.compare(GE, 0xF800000));
            c = c.lanewise(OR, 0x7F800000, c.compare(GE, 0xF800000));
            d = d.lanewise(OR, 0x7F800000, d.compare(GE, 0xF800000));
            a.or(v.lanewise(LSHL, 16).and(0x80000000)).intoMemorySegment(own, 0, ORDER);
            b.or(v.and(0x80000000)).intoMemorySegment(own, BYTES, ORDER);
            c.or(u.lanewise(LSHL, 16).and(0x80000000)).intoMemorySegment(own, 2 * BYTES, ORDER);
            d.or(u.and(0x80000000)).intoMemorySegment(own, 3 * BYTES, ORDER);
            FloatVector x0 = FloatVector.fromMemorySegment(F, x, xAt + 2 * i, ORDER);
            FloatVector x1 = FloatVector.fromMemorySegment(F, x, xAt + 2 * i + BYTES, ORDER);
            FloatVector w0 = FloatVector.fromMemorySegment(F, own, 0, ORDER).mul(0x1p112f);
            FloatVector w1 = FloatVector.fromMemorySegment(F, own, BYTES, ORDER).mul(0x1p112f);
            FloatVector w2 = FloatVector.fromMemorySegment(F, own, 2 * BYTES, ORDER).mul(0x1p112f);
            FloatVector w3 = FloatVector.fromMemorySegment(F, own, 3 * BYTES, ORDER).mul(0x1p112f);
            s0 = x0.fma(w0, s0);
            t0 = x1.fma(w1, t0);
            s1 = x0.fma(w2, s1);
            t1 = x1.fma(w3, t1);
        }
        s0.add(t0).intoMemorySegment(own, 0, ORDER);
        s1.add(t1).intoMemorySegment(own, BYTES, ORDER);
        sum(own, 2, sums, to);
    }

    /**
     * Of each vector at {@code own}; apart, since a vector handed on in a large method is boxed.
     */
    private static void sum(MemorySegment own, int vectors, MemorySegment sums, long to) {
        for (int v = 0; v < vectors; v++) {
            FloatVector s = FloatVector.fromMemorySegment(F, own, v * BYTES, ORDER);
            Floats.set(sums, to + 4L * v, Lanes.sum(s));
        }
    }
}
