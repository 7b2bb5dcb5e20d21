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

    /** An element that counts or names something: an id, a label, a position. */
    int id(long index) {
        return (int) at(index);
    }
}
