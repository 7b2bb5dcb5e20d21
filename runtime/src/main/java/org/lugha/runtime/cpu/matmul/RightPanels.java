package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.cpu.thread.Workers;

/** The right operand {@code [K,N]} of a product as tiles read it: panels of floats. */
interface RightPanels {

    /** N. */
    int columns();

    /**
     * Columns {@code [column, column + width)} of rows {@code [k, k + depth)}, row by row; columns
     * that the operand lacks become 0.
     */
    void pack(int k, int depth, int column, int width, MemorySegment to, long toAt);

    /** The operand itself where tiles can read its rows as they lie, else null. */
    default Matrix asItLies() {
        return null;
    }

    /**
     * All panels of the operand, kept from an earlier product or made now for later ones: panel p
     * of columns of block d of depth begins at {@code (d panels + p) width depth} floats. Null when
     * nothing is kept.
     */
    default MemorySegment kept(Workers workers, int rows, int width, int depth) {
        return null;
    }

    /** Those of a matrix of F32, BF16 or F16 in any order. */
    static RightPanels of(Matrix b) {
        boolean isHalf = b.dtype() == DType.BF16 || b.dtype() == DType.F16;
        if (isHalf && b.hasDenseRows()) {
            return new RowPanels(new HalfRows(b), false);
        }
        if (isHalf && b.hasDenseColumns()) {
            return new RowPanels(new HalfRows(b.transposed()), true);
        }
        return new OfMatrix(b);
    }

    /** A matrix. */
    record OfMatrix(Matrix b) implements RightPanels {
        @Override
        public int columns() {
            return b.columns();
        }

        @Override
        public void pack(int k, int depth, int column, int width, MemorySegment to, long toAt) {
            MatmulPanels.right(b, k, depth, column, width, to, toAt);
        }

        @Override
        public Matrix asItLies() {
            return b.dtype() == DType.F32 && b.hasDenseRows() ? b : null;
        }
    }
}
