package org.lugha.runtime.cpu.pass;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.NE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Rows;

/**
 * {@code y = beta y + (mask != 0 ? value : x)}, run by run: a run ends where the mask begins anew.
 *
 * @param period elements of the mask
 */
record MaskedFill(MemorySegment mask, long period, float value, float beta) {

    /** Elements {@code from} to {@code to} of x and y. */
    void run(Rows xy, long from, long to) {
        MemorySegment[] m = xy.floats();
        boolean isPlain = xy.isPlain();
        long at = from;
        while (at < to) {
            long start = at % period;
            long n = Math.min(to - at, period - start);
            if (isPlain) {
                fill(m[0], m[1], 4 * at, 4 * start, n);
            } else {
                n = Math.min(n, xy.d());
                xy.openPart(m, at, n);
                fill(m[0], m[1], 0, 4 * start, n);
                xy.closePart(m, at, n);
            }
            at += n;
        }
    }

    /** Offsets in bytes, of x and y and of the mask. */
    private void fill(MemorySegment x, MemorySegment y, long at, long start, long n) {
        long whole = 4 * Floats.whole(n);
        vectors(x, y, at, start, whole, Floats.BYTES);
        for (long i = whole; i < 4 * n; i += 4) {
            boolean isMasked = mask.get(JAVA_INT_UNALIGNED, start + i) != 0;
            Floats.set(y, at + i, isMasked ? value : Floats.get(x, at + i), beta);
        }
    }

    /** An int other than 0 is a float other than 0: the mask need not change its type. */
    private void vectors(
            MemorySegment x, MemorySegment y, long at, long start, long bytes, long step) {
        for (long i = 0; i < bytes; i += step) {
            IntVector bits = IntVector.fromMemorySegment(Lanes.I, mask, start + i, LITTLE_ENDIAN);
            var isMasked = ((FloatVector) bits.convert(I2F, 0)).compare(NE, 0f);
            FloatVector kept = Floats.load(x, at + i);
            Floats.store(kept.blend(value, isMasked), y, at + i, beta);
        }
    }
}
