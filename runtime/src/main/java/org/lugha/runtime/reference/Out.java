package org.lugha.runtime.reference;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.spi.Into;

/** Elements that a kernel writes. With beta 0 they are not read. */
record Out(MemorySegment memory, DType dtype, double beta) {
    /** Index: row-major. Null for null: not wanted. */
    static Out of(Into into) {
        return into == null
                ? null
                : new Out(into.tensor().memory(), into.tensor().dtype(), into.beta());
    }

    /** Index: position in the storage, which the caller finds by the layout's strides. */
    static Out strided(Into into) {
        return into == null
                ? null
                : new Out(into.tensor().storage().memory(), into.tensor().dtype(), into.beta());
    }

    /** {@code destination = beta destination + result}. */
    void put(long index, double result) {
        dtype.set(memory, index, beta == 0 ? result : beta * dtype.get(memory, index) + result);
    }

    /** {@code put} of a run that starts at {@code from}. */
    void putAll(long from, double[] results) {
        for (int i = 0; i < results.length; i++) {
            put(from + i, results[i]);
        }
    }
}
