package org.lugha.runtime.cpu.matmul;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.thread.Scratch;

/**
 * A matrix somewhere in memory: element {@code [i, j]} is element {@code at + i row + j column} of
 * the segment.
 *
 * @param rows number of rows
 * @param columns number of columns
 * @param at first element
 * @param row elements from one row to the next
 * @param column elements from one column to the next
 */
public record Matrix(
        MemorySegment memory, DType dtype, int rows, int columns, long at, long row, long column) {

    /** Matrix {@code index} of a tensor of rank 3, or all of one of rank 2. */
    public static Matrix of(Tensor t, int index, boolean isTransposed) {
        long[] strides = t.layout().strides();
        int last = strides.length - 1;
        long at = t.layout().offset() + (last == 2 ? index * strides[0] : 0);
        Matrix m =
                new Matrix(
                        t.storage().memory(),
                        t.dtype(),
                        t.dim(last - 1),
                        t.dim(last),
                        at,
                        strides[last - 1],
                        strides[last]);
        return isTransposed ? m.transposed() : m;
    }

    /** As many floats, row by row, in the thread's scratch; content undefined. */
    Matrix beside(Scratch.Purpose purpose) {
        MemorySegment m = Scratch.mine().of(purpose, 4L * rows * columns);
        return new Matrix(m, DType.F32, rows, columns, 0, columns, 1);
    }

    public Matrix transposed() {
        return new Matrix(memory, dtype, columns, rows, at, column, row);
    }

    /** Byte offset of element {@code [i, j]}. */
    public long offset(long i, long j) {
        return (at + i * row + j * column) * dtype.bytes();
    }

    float get(long i, long j) {
        return (float) dtype.get(memory, at + i * row + j * column);
    }

    void set(long i, long j, float value) {
        dtype.set(memory, at + i * row + j * column, value);
    }

    /** Whether the elements of a row lie side by side. */
    boolean hasDenseRows() {
        return column == 1 || columns == 1;
    }

    /** Whether the elements of a column lie side by side. */
    boolean hasDenseColumns() {
        return row == 1 || rows == 1;
    }
}
