package org.lugha.runtime.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.Scratch.Purpose;

/**
 * {@code c = beta c + alpha a w^T} for a few rows of a, as in decoding: w is read once, as it is
 * stored. Parts of two rows far apart, which keeps more of memory busy than two neighbours would,
 * are widened into the first cache and multiplied from there.
 *
 * <p>Extra memory: {@code 8 PART + 8 M} bytes a thread.
 */
final class RowDots {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** Elements of a row that are widened at a time. */
    private static final int PART = 1024;

    private static final int CHUNK_ELEMENTS = 1 << 15;

    private final Workers workers;
    private final Matrix a;
    private final WeightRows w;
    private final Matrix c;
    private final float alpha;
    private final float beta;
    private final int half;

    /** a has dense rows; no extent is 0. */
    RowDots(Workers workers, Matrix a, WeightRows w, Matrix c, float alpha, float beta) {
        this.workers = workers;
        this.a = a;
        this.w = w;
        this.c = c;
        this.alpha = alpha;
        this.beta = beta;
        half = (w.rows() + 1) / 2;
    }

    void run() {
        workers.split(half, Math.max(1, CHUNK_ELEMENTS / a.columns()), this::rows);
    }

    private void rows(long from, long to) {
        Scratch mine = Scratch.mine();
        MemorySegment wide = mine.of(Purpose.WIDE, 8 * PART + 8L * a.rows());
        for (long j = from; j < to; j++) {
            boolean hasOther = j + half < w.rows();
            for (int k = 0; k < a.columns(); k += PART) {
                int n = Math.min(PART, a.columns() - k);
                w.widen(j, k, n, wide, 0);
                if (hasOther) {
                    w.widen(j + half, k, n, wide, 4 * PART);
                }
                for (int i = 0; i < a.rows(); i++) {
                    pair(a.memory(), a.offset(i, k), wide, n, 8 * PART + 8L * i, k > 0);
                }
            }
            for (int i = 0; i < a.rows(); i++) {
                put(i, j, Floats.get(wide, 8 * PART + 8L * i));
                if (hasOther) {
                    put(i, j + half, Floats.get(wide, 8 * PART + 8L * i + 4));
                }
            }
        }
    }

    /** One row of a with both widened parts; two sums at {@code to}. */
    private static void pair(
            MemorySegment x, long at, MemorySegment wide, int n, long to, boolean isMore) {
        FloatVector s0 = FloatVector.zero(F);
        FloatVector s1 = s0;
        FloatVector t0 = s0;
        FloatVector t1 = s0;
        long step = Floats.BYTES;
        long end = 4L * n;
        long i = 0;
        for (; i <= end - 2 * step; i += 2 * step) {
            FloatVector x0 = FloatVector.fromMemorySegment(F, x, at + i, ORDER);
            s0 = x0.fma(FloatVector.fromMemorySegment(F, wide, i, ORDER), s0);
            s1 = x0.fma(FloatVector.fromMemorySegment(F, wide, i + 4 * PART, ORDER), s1);
            FloatVector x1 = FloatVector.fromMemorySegment(F, x, at + i + step, ORDER);
            t0 = x1.fma(FloatVector.fromMemorySegment(F, wide, i + step, ORDER), t0);
            t1 = x1.fma(FloatVector.fromMemorySegment(F, wide, i + step + 4 * PART, ORDER), t1);
        }
        float y0 = Lanes.sum(s0.add(t0));
        float y1 = Lanes.sum(s1.add(t1));
        for (; i < end; i += 4) {
            float v = Floats.get(x, at + i);
            y0 = Math.fma(v, Floats.get(wide, i), y0);
            y1 = Math.fma(v, Floats.get(wide, i + 4 * PART), y1);
        }
        Floats.set(wide, to, isMore ? Floats.get(wide, to) + y0 : y0);
        Floats.set(wide, to + 4, isMore ? Floats.get(wide, to + 4) + y1 : y1);
    }

    private void put(int i, long j, float sum) {
        MemorySegment y = c.memory();
        long at = c.offset(i, j);
        float before = beta == 0 ? 0 : beta * y.get(JAVA_FLOAT_UNALIGNED, at);
        y.set(JAVA_FLOAT_UNALIGNED, at, Math.fma(alpha, sum, before));
    }
}
