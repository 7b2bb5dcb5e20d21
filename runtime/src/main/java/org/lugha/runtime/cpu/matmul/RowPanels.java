package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;

/**
 * Panels of stored rows: the right operand is these rows, or has them as its columns. They are
 * widened while they are packed, so a product never holds the whole matrix as floats.
 */
record RowPanels(WeightRows w, boolean isTransposed) implements RightPanels {

    @Override
    public int columns() {
        return isTransposed ? w.rows() : w.columns();
    }

    @Override
    public void pack(int k, int depth, int column, int width, MemorySegment to, long toAt) {
        int columns = Math.min(width, columns() - column);
        long step = width * 4L;
        if (columns < width) {
            to.asSlice(toAt, depth * step).fill((byte) 0);
        }
        if (isTransposed) {
            w.turn(column, columns, k, depth, to, toAt, step);
            return;
        }
        for (int i = 0; i < depth; i++) {
            w.widen(k + i, column, columns, to, toAt + i * step);
        }
    }
}
