package org.lugha.runtime.cpu.attention;

import java.lang.foreign.MemorySegment;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.cpu.lane.Convert;
import org.lugha.runtime.cpu.lane.Rows;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Scratch.Purpose;

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

    /** Rows of floats, {@code step} bytes apart. */
    record Rows(MemorySegment memory, long at, long step) {}

    /** Rows {@code t .. t + n} of a head, in place or, where narrow, widened from byte at of s. */
    Rows rows(long b, long t, long h, int n, int d, MemorySegment s, long at) {
        if (!isNarrow()) {
            return new Rows(memory, at(b, t, h), row);
        }
        for (int i = 0; i < n; i++) {
            widen(b, t + i, h, d, s, at + 4L * i * d);
        }
        return new Rows(s, at, 4L * d);
    }

    /** {@code (b, t, h) = beta (b, t, h) + factor x} for d elements. */
    void put(MemorySegment x, long from, float factor, long b, long t, long h, int d, float beta) {
        if (!isNarrow()) {
            AttentionForward.row(x, from, factor, memory, at(b, t, h), d, beta);
            return;
        }
        MemorySegment wide = Scratch.mine().of(Purpose.ROW, 4L * d);
        if (beta != 0) {
            widen(b, t, h, d, wide, 0);
        }
        AttentionForward.row(x, from, factor, wide, 0, d, beta);
        Convert.run(DType.F32, wide, 0, dtype, memory, at(b, t, h), d);
    }

    /** The d elements of (b, t, h) as floats. */
    void widen(long b, long t, long h, int d, MemorySegment to, long toAt) {
        Convert.run(dtype, memory, at(b, t, h), DType.F32, to, toAt, d);
    }
}
