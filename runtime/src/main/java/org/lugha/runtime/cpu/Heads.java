package org.lugha.runtime.cpu;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.Tensor;

/** A tensor {@code [B,T,H,D]} whose last axis lies without gaps; steps of the others in bytes. */
record Heads(MemorySegment memory, long start, long batch, long row, long head) {

    static Heads of(Tensor t) {
        long[] s = t.layout().strides();
        return new Heads(
                t.storage().memory(), 4 * t.layout().offset(), 4 * s[0], 4 * s[1], 4 * s[2]);
    }

    /** Byte at which the D elements of (b, t, h) start. */
    long at(long b, long t, long h) {
        return start + b * batch + t * row + h * head;
    }
}
