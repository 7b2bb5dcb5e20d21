package org.lugha.runtime.cpu.matmul;

import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;

/**
 * One row of floats times a row of NF4 in memory, with vectors of 16 lanes. A vector of ints holds
 * 128 codes, eight an int; what they stand for passes through a few lines of memory as in {@link
 * HalfDots}, and the numbers of the blocks multiply sums of eight products.
 */
final class Nf4Dots {
    /** Codes of one vector. */
    static final int GROUP = 128;

    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = Lanes.I;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final long BYTES = Floats.BYTES;

    /** Memory that the loop passes its bits through; one factor for eight codes follows. */
    static final long OWN_BYTES = 8 * BYTES;

    private static final IntVector BITS = Nf4Rows.bits();

    private Nf4Dots() {}

    /**
     * The sum over n codes, a multiple of {@link #GROUP}, in the order of {@link Nf4Rows#arrange}:
     * the high half of a byte comes first.
     */
    static float groups(
            MemorySegment x, long xAt, MemorySegment w, long at, int n, MemorySegment own) {
        FloatVector s = FloatVector.zero(F);
        for (long i = 0; i < n; i += GROUP) {
            IntVector v = IntVector.fromMemorySegment(I, w, at + (i >>> 1), ORDER);
            v.lanewise(LSHR, 4).and(15).selectFrom(BITS).intoMemorySegment(own, 0, ORDER);
            v.and(15).selectFrom(BITS).intoMemorySegment(own, BYTES, ORDER);
            v.lanewise(LSHR, 12).and(15).selectFrom(BITS).intoMemorySegment(own, 2 * BYTES, ORDER);
            v.lanewise(LSHR, 8).and(15).selectFrom(BITS).intoMemorySegment(own, 3 * BYTES, ORDER);
            v.lanewise(LSHR, 20).and(15).selectFrom(BITS).intoMemorySegment(own, 4 * BYTES, ORDER);
            v.lanewise(LSHR, 16).and(15).selectFrom(BITS).intoMemorySegment(own, 5 * BYTES, ORDER);
            v.lanewise(LSHR, 28).selectFrom(BITS).intoMemorySegment(own, 6 * BYTES, ORDER);
            v.lanewise(LSHR, 24).and(15).selectFrom(BITS).intoMemorySegment(own, 7 * BYTES, ORDER);
            FloatVector t = FloatVector.zero(F);
            FloatVector u = t;
            long j = xAt + 4 * i;
            for (long k = 0; k < 8 * BYTES; k += 2 * BYTES) {
                FloatVector x0 = FloatVector.fromMemorySegment(F, x, j + k, ORDER);
                FloatVector x1 = FloatVector.fromMemorySegment(F, x, j + k + BYTES, ORDER);
                t = x0.fma(FloatVector.fromMemorySegment(F, own, k, ORDER), t);
                u = x1.fma(FloatVector.fromMemorySegment(F, own, k + BYTES, ORDER), u);
            }
            FloatVector by = FloatVector.fromMemorySegment(F, own, OWN_BYTES + (i >>> 1), ORDER);
            s = t.add(u).fma(by, s);
        }
        return Lanes.sum(s);
    }
}
