package org.lugha.runtime.cpu;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;

/** A tensor {@code [B,T,H,D]} whose last axis lies without gaps; steps of the others in bytes. */
record Heads(MemorySegment memory, DType dtype, long start, long batch, long row, long head) {

    static Heads of(Tensor t) {
        long[] s = t.layout().strides();
        long n = t.dtype().bytes();
        return new Heads(
                t.storage().memory(),
                t.dtype(),
                n * t.layout().offset(),
                n * s[0],
                n * s[1],
                n * s[2]);
    }

    /** Byte at which the D elements of (b, t, h) start. */
    long at(long b, long t, long h) {
        return start + b * batch + t * row + h * head;
    }

    boolean isNarrow() {
        return dtype != DType.F32;
    }

    /** The d elements of (b, t, h) as floats. */
    void widen(long b, long t, long h, int d, MemorySegment to, long toAt) {
        Convert.run(dtype, memory, at(b, t, h), DType.F32, to, toAt, d);
    }
}
