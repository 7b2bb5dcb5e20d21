package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static jdk.incubator.vector.VectorOperators.F2I;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.Codebook;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;

/** Runs of floats to codes, one int a code until they are packed; offsets in bytes. */
public final class Codes {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final float MAGIC = 12_582_912f; // 1.5 * 2^23: adding it rounds to an integer

    private Codes() {}

    /** The largest magnitude; NaN where there is one; 0 of nothing. */
    static float absmax(MemorySegment x, long at, long n) {
        long whole = Floats.whole(n);
        FloatVector most = FloatVector.zero(F);
        for (long i = 0; i < whole; i += Lanes.N) {
            most = most.max(FloatVector.fromMemorySegment(F, x, at + 4 * i, ORDER).abs());
        }
        float m = most.reduceLanes(MAX);
        for (long i = whole; i < n; i++) {
            m = Math.max(m, Math.abs(Floats.get(x, at + 4 * i)));
        }
        return m;
    }

    /** {@code 1 / absmax}, or 0 where that is not finite. */
    static float factor(float absmax) {
        float reciprocal = 1 / absmax;
        return Float.isFinite(reciprocal) ? reciprocal : 0;
    }

    /** {@code round(x / scale)} within [-127, 127], ties to even, NaN to 0. */
    static void int8(MemorySegment x, long at, long n, float scale, MemorySegment to) {
        long whole = Floats.whole(n);
        for (long i = 0; i < whole; i += Lanes.N) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, at + 4 * i, ORDER).div(scale);
            v = v.max(-127f).min(127f).add(MAGIC).sub(MAGIC);
            var code = (IntVector) v.convertShape(F2I, Lanes.I, 0);
            code.intoMemorySegment(to, 4 * i, ORDER);
        }
        for (long i = whole; i < n; i++) {
            float v = Math.max(-127, Math.min(127, Floats.get(x, at + 4 * i) / scale));
            to.set(JAVA_INT_UNALIGNED, 4 * i, (int) Math.rint(v));
        }
    }

    /** How many midpoints lie strictly below {@code x factor}. */
    static void nearest(
            float[] midpoints, MemorySegment x, long at, long n, float factor, MemorySegment to) {
        long whole = Floats.whole(n);
        for (long i = 0; i < whole; i += Lanes.N) {
            FloatVector v = FloatVector.fromMemorySegment(F, x, at + 4 * i, ORDER).mul(factor);
            FloatVector below = FloatVector.zero(F);
            for (float m : midpoints) {
                below = below.add(1f, v.compare(GT, m));
            }
            var code = (IntVector) below.convertShape(F2I, Lanes.I, 0);
            code.intoMemorySegment(to, 4 * i, ORDER);
        }
        for (long i = whole; i < n; i++) {
            int code = Codebook.nearest(midpoints, Floats.get(x, at + 4 * i) * factor);
            to.set(JAVA_INT_UNALIGNED, 4 * i, code);
        }
    }

    /** The lowest byte of each code. */
    static void bytes(MemorySegment codes, long n, MemorySegment to, long at) {
        for (long i = 0; i < n; i++) {
            to.set(JAVA_BYTE, at + i, (byte) codes.get(JAVA_INT_UNALIGNED, 4 * i));
        }
    }

    /** Two codes a byte, the first in the high half; a last odd one alone. */
    static void nibbles(MemorySegment codes, long n, MemorySegment to, long at) {
        for (long i = 0; i < n; i += 2) {
            int high = codes.get(JAVA_INT_UNALIGNED, 4 * i) << 4;
            int low = i + 1 < n ? codes.get(JAVA_INT_UNALIGNED, 4 * i + 4) : 0;
            to.set(JAVA_BYTE, at + i / 2, (byte) (high | low));
        }
    }
}
