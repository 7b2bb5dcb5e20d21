package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Lanes;

/**
 * Rows of 8 or 16 four-byte elements, one behind the other, turned into vectors of one column each.
 * Elements of even and of odd place are parted three times: each time the lowest bit of the place
 * becomes the highest, until all bits of the column stand before those of the row. Native segments.
 */
final class ShortRows {
    private static final VectorSpecies<Integer> I = Lanes.I;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final long BYTES = I.vectorByteSize();
    private static final IntVector EVEN = every(0);
    private static final IntVector ODD = every(1);

    private ShortRows() {}

    private static IntVector every(int first) {
        return IntVector.broadcast(I, first).addIndex(2);
    }

    /**
     * As many rows of 8 as a vector has lanes: column j goes to {@code toAt + j toStep}. Of rows of
     * 16, half as many, and two neighbouring columns at a time.
     */
    static void turn(MemorySegment from, long at, MemorySegment to, long toAt, long toStep) {
        IntVector r0 = IntVector.fromMemorySegment(I, from, at, ORDER);
        IntVector r1 = IntVector.fromMemorySegment(I, from, at + 1 * BYTES, ORDER);
        IntVector r2 = IntVector.fromMemorySegment(I, from, at + 2 * BYTES, ORDER);
        IntVector r3 = IntVector.fromMemorySegment(I, from, at + 3 * BYTES, ORDER);
        IntVector r4 = IntVector.fromMemorySegment(I, from, at + 4 * BYTES, ORDER);
        IntVector r5 = IntVector.fromMemorySegment(I, from, at + 5 * BYTES, ORDER);
        IntVector r6 = IntVector.fromMemorySegment(I, from, at + 6 * BYTES, ORDER);
        IntVector r7 = IntVector.fromMemorySegment(I, from, at + 7 * BYTES, ORDER);
        IntVector s0 = EVEN.selectFrom(r0, r1);
        IntVector s1 = EVEN.selectFrom(r2, r3);
        IntVector s2 = EVEN.selectFrom(r4, r5);
        IntVector s3 = EVEN.selectFrom(r6, r7);
        IntVector s4 = ODD.selectFrom(r0, r1);
        IntVector s5 = ODD.selectFrom(r2, r3);
        IntVector s6 = ODD.selectFrom(r4, r5);
        IntVector s7 = ODD.selectFrom(r6, r7);
        IntVector t0 = EVEN.selectFrom(s0, s1);
        IntVector t1 = EVEN.selectFrom(s2, s3);
        IntVector t2 = EVEN.selectFrom(s4, s5);
        IntVector t3 = EVEN.selectFrom(s6, s7);
        IntVector t4 = ODD.selectFrom(s0, s1);
        IntVector t5 = ODD.selectFrom(s2, s3);
        IntVector t6 = ODD.selectFrom(s4, s5);
        IntVector t7 = ODD.selectFrom(s6, s7);
        IntVector u0 = EVEN.selectFrom(t0, t1);
        IntVector u1 = EVEN.selectFrom(t2, t3);
        IntVector u2 = EVEN.selectFrom(t4, t5);
        IntVector u3 = EVEN.selectFrom(t6, t7);
        IntVector u4 = ODD.selectFrom(t0, t1);
        IntVector u5 = ODD.selectFrom(t2, t3);
        IntVector u6 = ODD.selectFrom(t4, t5);
        IntVector u7 = ODD.selectFrom(t6, t7);
        long o = toAt;
        u0.intoMemorySegment(to, o, ORDER);
        o += toStep;
        u1.intoMemorySegment(to, o, ORDER);
        o += toStep;
        u2.intoMemorySegment(to, o, ORDER);
        o += toStep;
        u3.intoMemorySegment(to, o, ORDER);
        o += toStep;
        u4.intoMemorySegment(to, o, ORDER);
        o += toStep;
        u5.intoMemorySegment(to, o, ORDER);
        o += toStep;
        u6.intoMemorySegment(to, o, ORDER);
        o += toStep;
        u7.intoMemorySegment(to, o, ORDER);
    }

    /**
     * Parts what {@link #turn} left of rows of 16: columns 2 j and 2 j + 1 of the first and the
     * second half of the rows are at {@code at + j fromStep} and {@code half} bytes further.
     */
    static void part(
            MemorySegment from,
            long at,
            long fromStep,
            long half,
            MemorySegment to,
            long toAt,
            long toStep) {
        long i = at;
        long o = toAt;
        for (int j = 0; j < 8; j++) {
            IntVector x = IntVector.fromMemorySegment(I, from, i, ORDER);
            IntVector y = IntVector.fromMemorySegment(I, from, i + half, ORDER);
            EVEN.selectFrom(x, y).intoMemorySegment(to, o, ORDER);
            ODD.selectFrom(x, y).intoMemorySegment(to, o + 8 * toStep, ORDER);
            i += fromStep;
            o += toStep;
        }
    }
}
