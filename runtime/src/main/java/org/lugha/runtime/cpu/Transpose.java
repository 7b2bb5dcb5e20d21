package org.lugha.runtime.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** Copies of a matrix of floats with rows and columns exchanged. Native segments only. */
final class Transpose {
    private static final int BLOCK = 16;

    private Transpose() {}

    /**
     * {@code to[j, i] = from[i, j]} for {@code i < rows, j < columns}. Offsets and strides in
     * bytes; the columns of a row lie side by side on both sides.
     */
    static void copy(
            MemorySegment from,
            long fromAt,
            long fromRow,
            int rows,
            int columns,
            MemorySegment to,
            long toAt,
            long toRow) {
        for (int i = 0; i < rows; i += BLOCK) {
            int m = Math.min(BLOCK, rows - i);
            for (int j = 0; j < columns; j += BLOCK) {
                int n = Math.min(BLOCK, columns - j);
                block(
                        from,
                        fromAt + i * fromRow + j * 4L,
                        fromRow,
                        m,
                        n,
                        to,
                        toAt + j * toRow + i * 4L,
                        toRow);
            }
        }
    }

    private static void block(
            MemorySegment from,
            long fromAt,
            long fromRow,
            int rows,
            int columns,
            MemorySegment to,
            long toAt,
            long toRow) {
        for (int j = 0; j < columns; j++) {
            long source = fromAt + j * 4L;
            long target = toAt + j * toRow;
            for (int i = 0; i < rows; i++) {
                to.set(
                        JAVA_FLOAT_UNALIGNED,
                        target + i * 4L,
                        from.get(JAVA_FLOAT_UNALIGNED, source + i * fromRow));
            }
        }
    }
}
