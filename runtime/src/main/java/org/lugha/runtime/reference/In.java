package org.lugha.runtime.reference;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;

/** Elements that a kernel reads, as doubles. Whether they are alive is checked once, here. */
record In(MemorySegment memory, DType dtype) {
    /** Index: row-major. */
    static In of(Tensor t) {
        return new In(t.memory(), t.dtype());
    }

    /** Index: position in the storage, which the caller finds by the layout's strides. */
    static In strided(Tensor t) {
        return new In(t.storage().memory(), t.dtype());
    }

    double at(long index) {
        return dtype.get(memory, index);
    }

    /** All elements of a contiguous tensor, as rows of so many. */
    static double[][] rows(Tensor t, int width) {
        In in = of(t);
        double[][] rows = new double[Math.toIntExact(t.shape().rows())][width];
        for (int r = 0; r < rows.length; r++) {
            for (int i = 0; i < width; i++) {
                rows[r][i] = in.at((long) r * width + i);
            }
        }
        return rows;
    }

    /** An element that counts or names something: an id, a label, a position. */
    int id(long index) {
        return (int) at(index);
    }
}
