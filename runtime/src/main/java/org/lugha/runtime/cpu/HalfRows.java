package org.lugha.runtime.cpu;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;

/** Rows of BF16 or F16 that lie side by side. */
record HalfRows(Matrix m) implements WeightRows {

    @Override
    public int rows() {
        return m.rows();
    }

    @Override
    public int columns() {
        return m.columns();
    }

    @Override
    public void widen(long row, long column, long n, MemorySegment to, long at) {
        Convert.run(m.dtype(), m.memory(), m.offset(row, column), DType.F32, to, at, n);
    }
}
