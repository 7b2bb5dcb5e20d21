package org.lugha.runtime.cpu.matmul;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.lugha.runtime.DType;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Transpose;

/** Copies of parts of a matrix in the order in which the tiles read them, widened to floats. */
final class MatmulPanels {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private MatmulPanels() {}

    /**
     * Columns {@code [column, column + width)} of rows {@code [k, k + depth)}, row by row; columns
     * that b lacks become 0.
     */
    static void right(
            Matrix b, int k, int depth, int column, int width, MemorySegment to, long toAt) {
        int columns = Math.min(width, b.columns() - column);
        long step = width * 4L;
        if (columns < width) {
            to.asSlice(toAt, depth * step).fill((byte) 0);
        }
        if (b.dtype() == DType.F32 && b.hasDenseRows()) {
            rows(b.memory(), b.offset(k, column), b.row() * 4, depth, columns, to, toAt, step);
        } else if (b.dtype() == DType.F32 && b.hasDenseColumns()) {
            long row = b.column() * 4;
            Transpose.copy(b.memory(), b.offset(k, column), row, columns, depth, to, toAt, step);
        } else {
            elements(b, k, depth, column, columns, to, toAt, step);
        }
    }

    /**
     * Rows {@code [row, row + rows)} of columns {@code [k, k + depth)}, {@code step} bytes a row.
     */
    static void left(
            Matrix a, int row, int rows, int k, int depth, MemorySegment to, long toAt, long step) {
        long at = a.offset(row, k);
        if (a.hasDenseRows()) {
            rows(a.memory(), at, a.row() * 4, rows, depth, to, toAt, step);
        } else if (a.hasDenseColumns()) {
            Transpose.copy(a.memory(), at, a.column() * 4, depth, rows, to, toAt, step);
        } else {
            elements(a, row, rows, k, depth, to, toAt, step);
        }
    }

    /** {@code to[i, j] = from[i, j]}, strides in bytes. */
    private static void rows(
            MemorySegment from,
            long fromAt,
            long fromRow,
            int rows,
            int columns,
            MemorySegment to,
            long toAt,
            long toRow) {
        int whole = F.loopBound(columns);
        VectorMask<Float> rest = F.indexInRange(whole, columns);
        for (int i = 0; i < rows; i++) {
            long s = fromAt + i * fromRow;
            long t = toAt + i * toRow;
            for (int j = 0; j < whole; j += F.length()) {
                FloatVector.fromMemorySegment(F, from, s + j * 4L, ORDER)
                        .intoMemorySegment(to, t + j * 4L, ORDER);
            }
            if (whole < columns) {
                FloatVector.fromMemorySegment(F, from, s + whole * 4L, ORDER, rest)
                        .intoMemorySegment(to, t + whole * 4L, ORDER, rest);
            }
        }
    }

    /** Any strides, any type, element by element. */
    private static void elements(
            Matrix m,
            int row,
            int rows,
            int column,
            int columns,
            MemorySegment to,
            long toAt,
            long step) {
        for (int j = 0; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                to.set(JAVA_FLOAT_UNALIGNED, toAt + i * step + j * 4L, m.get(row + i, column + j));
            }
        }
    }
}
