package org.lugha.runtime.cpu.attention;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;

/**
 * Products of square blocks: {@code c[r, :] = sum_k a[r, k] b[k, :]}, c overwritten, offsets and
 * strides in bytes. Element {@code [r, k]} of a is at {@code aAt + r aRow + k aStep}, so one tile
 * serves a and its transpose; b and c lie in panels of {@link #WIDTH} columns: row k of a panel of
 * b is at {@code k ROW}.
 */
final class BlockTiles {
    /** Rows and columns of a block. */
    static final int SIDE = 64;

    /** Rows of a tile. */
    static final int ROWS = 8;

    /** Tiles across a block. */
    static final int TILES = SIDE / ROWS;

    /** Columns of a panel. */
    static final int WIDTH = 2 * Lanes.N;

    /** Panels across a block. */
    static final int PANELS = SIDE / WIDTH;

    /** Bytes of one row of a panel. */
    static final long ROW = 4L * WIDTH;

    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED;
    private static final long BYTES = Floats.BYTES;

    private BlockTiles() {}

    /** {@code d} rounded up to whole panels. */
    static int padded(int d) {
        return (d + WIDTH - 1) / WIDTH * WIDTH;
    }

    /**
     * All tiles of a block that is summed over queries or keys.
     *
     * @param from by tile of rows, the first k that counts
     * @param to by tile of rows, one past the last
     */
    static void block(
            MemorySegment a,
            long aAt,
            long aRow,
            long aStep,
            MemorySegment b,
            long bAt,
            int panels,
            MemorySegment c,
            long cAt,
            int[] from,
            int[] to) {
        long cRow = panels * ROW;
        for (int p = 0; p < panels; p++) {
            long panel = bAt + p * (SIDE * ROW);
            for (int r = 0; r < TILES; r++) {
                int k = from[r];
                tile(
                        a,
                        aAt + (long) r * ROWS * aRow + k * aStep,
                        aRow,
                        aStep,
                        b,
                        panel + k * ROW,
                        Math.max(0, to[r] - k),
                        c,
                        cAt + (long) r * ROWS * cRow + p * ROW,
                        cRow);
            }
        }
    }

    /**
     * Scores of keys (rows) and queries (columns), summed over the width of a head; c has rows of
     * {@link #SIDE}.
     *
     * @param from by panel of queries, the first tile of keys that is needed
     * @param to by panel of queries, one past the last
     */
    static void scores(
            MemorySegment a,
            long aAt,
            long aRow,
            MemorySegment b,
            long bAt,
            int depth,
            MemorySegment c,
            long cAt,
            int[] from,
            int[] to) {
        for (int p = 0; p < PANELS; p++) {
            long panel = bAt + p * (depth * ROW);
            for (int r = from[p]; r < to[p]; r++) {
                tile(
                        a,
                        aAt + (long) r * ROWS * aRow,
                        aRow,
                        4,
                        b,
                        panel,
                        depth,
                        c,
                        cAt + (long) r * ROWS * (4L * SIDE) + p * ROW,
                        4L * SIDE);
            }
        }
    }

    // No larger than this: with an addition to c the method has too many values for the first
    // compiler, which then never hands it on to the second, and runs a hundred times slower.

    /** Eight rows by two vectors. */
    static void tile(
            MemorySegment a,
            long aAt,
            long aRow,
            long aStep,
            MemorySegment b,
            long bAt,
            int depth,
            MemorySegment c,
            long cAt,
            long cRow) {
        FloatVector z = FloatVector.zero(F);
        FloatVector c00 = z, c01 = z, c10 = z, c11 = z, c20 = z, c21 = z, c30 = z, c31 = z;
        FloatVector c40 = z, c41 = z, c50 = z, c51 = z, c60 = z, c61 = z, c70 = z, c71 = z;
        long a4 = aAt + 4 * aRow;
        long r1 = aRow;
        long r2 = 2 * aRow;
        long r3 = 3 * aRow;
        for (long k = 0; k < depth; k++) {
            long i = aAt + k * aStep;
            long j = a4 + k * aStep;
            FloatVector b0 = FloatVector.fromMemorySegment(F, b, bAt + k * ROW, ORDER);
            FloatVector b1 = FloatVector.fromMemorySegment(F, b, bAt + k * ROW + BYTES, ORDER);
            FloatVector v = FloatVector.broadcast(F, a.get(FLOAT, i));
            c00 = v.fma(b0, c00);
            c01 = v.fma(b1, c01);
            v = FloatVector.broadcast(F, a.get(FLOAT, i + r1));
            c10 = v.fma(b0, c10);
            c11 = v.fma(b1, c11);
            v = FloatVector.broadcast(F, a.get(FLOAT, i + r2));
            c20 = v.fma(b0, c20);
            c21 = v.fma(b1, c21);
            v = FloatVector.broadcast(F, a.get(FLOAT, i + r3));
            c30 = v.fma(b0, c30);
            c31 = v.fma(b1, c31);
            v = FloatVector.broadcast(F, a.get(FLOAT, j));
            c40 = v.fma(b0, c40);
            c41 = v.fma(b1, c41);
            v = FloatVector.broadcast(F, a.get(FLOAT, j + r1));
            c50 = v.fma(b0, c50);
            c51 = v.fma(b1, c51);
            v = FloatVector.broadcast(F, a.get(FLOAT, j + r2));
            c60 = v.fma(b0, c60);
            c61 = v.fma(b1, c61);
            v = FloatVector.broadcast(F, a.get(FLOAT, j + r3));
            c70 = v.fma(b0, c70);
            c71 = v.fma(b1, c71);
        }
        long at = cAt;
        c00.intoMemorySegment(c, at, ORDER);
        c01.intoMemorySegment(c, at + BYTES, ORDER);
        at += cRow;
        c10.intoMemorySegment(c, at, ORDER);
        c11.intoMemorySegment(c, at + BYTES, ORDER);
        at += cRow;
        c20.intoMemorySegment(c, at, ORDER);
        c21.intoMemorySegment(c, at + BYTES, ORDER);
        at += cRow;
        c30.intoMemorySegment(c, at, ORDER);
        c31.intoMemorySegment(c, at + BYTES, ORDER);
        at += cRow;
        c40.intoMemorySegment(c, at, ORDER);
        c41.intoMemorySegment(c, at + BYTES, ORDER);
        at += cRow;
        c50.intoMemorySegment(c, at, ORDER);
        c51.intoMemorySegment(c, at + BYTES, ORDER);
        at += cRow;
        c60.intoMemorySegment(c, at, ORDER);
        c61.intoMemorySegment(c, at + BYTES, ORDER);
        at += cRow;
        c70.intoMemorySegment(c, at, ORDER);
        c71.intoMemorySegment(c, at + BYTES, ORDER);
    }
}
