package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;

/** One row of floats times one that is widened part by part, for rows of any kind. */
final class WideDot {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** Elements of a row that are widened at a time. */
    private static final int PART = 1024;

    private WideDot() {}

    /** The sum of K floats at x times those of a row. */
    static float of(WeightRows w, MemorySegment x, long at, long row) {
        MemorySegment wide = Scratch.mine().of(Purpose.WIDE, 4 * PART);
        float sum = 0;
        for (int k = 0; k < w.columns(); k += PART) {
            int n = Math.min(PART, w.columns() - k);
            w.widen(row, k, n, wide, 0);
            sum += dot(x, at + 4L * k, wide, n);
        }
        return sum;
    }

    private static float dot(MemorySegment x, long at, MemorySegment wide, int n) {
        FloatVector s = FloatVector.zero(F);
        FloatVector t = s;
        long step = Floats.BYTES;
        long end = 4L * n;
        long i = 0;
        for (; i <= end - 2 * step; i += 2 * step) {
            FloatVector x0 = FloatVector.fromMemorySegment(F, x, at + i, ORDER);
            s = x0.fma(FloatVector.fromMemorySegment(F, wide, i, ORDER), s);
            FloatVector x1 = FloatVector.fromMemorySegment(F, x, at + i + step, ORDER);
            t = x1.fma(FloatVector.fromMemorySegment(F, wide, i + step, ORDER), t);
        }
        float sum = Lanes.sum(s.add(t));
        for (; i < end; i += 4) {
            sum = Math.fma(Floats.get(x, at + i), Floats.get(wide, i), sum);
        }
        return sum;
    }
}
