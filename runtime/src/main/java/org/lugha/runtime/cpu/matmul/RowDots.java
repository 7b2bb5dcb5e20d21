package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;
import org.lugha.runtime.cpu.thread.Workers;

/**
 * {@code c = beta c + alpha a w^T} for a few rows of a, as in decoding: w is read once, as it is
 * stored. Four rows some way apart are read together, which keeps more of memory busy than
 * neighbours would and reads a row of a once for all four.
 *
 * <p>Extra memory: {@code 4 M K} bytes, and a thread eight vectors and what {@link WeightRows#four}
 * needs.
 */
final class RowDots {
    /** With more rows of a it takes less time to widen w once, into panels. */
    static final int MOST_ROWS = 8;

    /** Some microseconds of reading: what a thread waits for the other at the end. */
    private static final int CHUNK_ELEMENTS = 1 << 15;

    private static final int ROWS = 4;

    /** Rows from one that is read to the next that is read with it. */
    private static final int APART = 128;

    private final Workers workers;
    private final Matrix a;
    private final WeightRows w;
    private final Matrix c;
    private final float alpha;
    private final float beta;
    private final long quarter;
    private final MemorySegment x;

    /** a has dense rows; no extent is 0. */
    RowDots(Workers workers, Matrix a, WeightRows w, Matrix c, float alpha, float beta) {
        this.workers = workers;
        this.a = a;
        this.w = w;
        this.c = c;
        this.alpha = alpha;
        this.beta = beta;
        quarter = (w.rows() + ROWS - 1L) / ROWS;
        x = Scratch.mine().of(Purpose.LEFT, 4L * a.rows() * a.columns());
    }

    void run() {
        for (int i = 0; i < a.rows(); i++) {
            MemorySegment row = x.asSlice(4L * i * a.columns(), 4L * a.columns());
            w.arrange(a.memory(), a.offset(i, 0), a.columns(), row);
        }
        workers.split(quarter, Math.max(1, CHUNK_ELEMENTS / ROWS / a.columns()), this::rows);
    }

    private void rows(long from, long to) {
        MemorySegment own = Scratch.mine().of(Purpose.ROW, HalfDots.OWN_BYTES + 4 * ROWS);
        MemorySegment sums = own.asSlice(HalfDots.OWN_BYTES);
        long last = w.rows() - 1L;
        for (long u = from; u < to; u++) { // 4 APART rows a block, the last one fewer
            long block = u / APART * APART;
            long e = Math.min(APART, quarter - block);
            long j = ROWS * block + u - block;
            long r1 = Math.min(last, j + e);
            long r2 = Math.min(last, j + 2 * e);
            long r3 = Math.min(last, j + 3 * e);
            for (int i = 0; i < a.rows(); i++) {
                w.four(x, 4L * i * a.columns(), j, r1, r2, r3, own, sums);
                for (int r = 0; r < ROWS && j + r * e <= last; r++) {
                    put(i, j + r * e, Floats.get(sums, 4L * r));
                }
            }
        }
    }

    private void put(int i, long j, float sum) {
        long at = c.offset(i, j);
        float before = beta == 0 ? 0 : beta * Floats.get(c.memory(), at);
        Floats.set(c.memory(), at, Math.fma(alpha, sum, before));
    }
}
