package org.lugha.runtime;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The type of a tensor's elements, little-endian in memory.
 *
 * <p>F32 computes and stores; F64 serves gradient checks; BF16 and F16 store; I32 holds ids, labels
 * and positions and is never differentiated; U8 holds codes.
 */
public enum DType {
    F32(4),
    F64(8),
    BF16(2),
    F16(2),
    I32(4),
    U8(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether a gradient may be taken with respect to elements of this type. */
    public boolean isFloat() {
        return this != I32 && this != U8;
    }

    /** What numbers of this type are computed in: F32 for BF16 and F16, else the type itself. */
    public DType wide() {
        return this == BF16 || this == F16 ? F32 : this;
    }

    /** Reads element {@code index} of a segment whose elements all have this type. */
    public double get(MemorySegment memory, long index) {
        return switch (this) {
            case F32 -> memory.get(JAVA_FLOAT_UNALIGNED, index << 2);
            case F64 -> memory.get(JAVA_DOUBLE_UNALIGNED, index << 3);
            case BF16 -> Float.intBitsToFloat(memory.get(JAVA_SHORT_UNALIGNED, index << 1) << 16);
            case F16 -> Float.float16ToFloat(memory.get(JAVA_SHORT_UNALIGNED, index << 1));
            case I32 -> memory.get(JAVA_INT_UNALIGNED, index << 2);
            case U8 -> memory.get(JAVA_BYTE, index) & 0xFF;
        };
    }

    /**
     * Writes element {@code index}, rounding once to the nearest value of this type, ties to even;
     * integers saturate.
     */
    public void set(MemorySegment memory, long index, double value) {
        switch (this) {
            case F32 -> memory.set(JAVA_FLOAT_UNALIGNED, index << 2, (float) value);
            case F64 -> memory.set(JAVA_DOUBLE_UNALIGNED, index << 3, value);
            case BF16 -> memory.set(JAVA_SHORT_UNALIGNED, index << 1, toBf16(odd(value)));
            case F16 ->
                    memory.set(JAVA_SHORT_UNALIGNED, index << 1, Float.floatToFloat16(odd(value)));
            case I32 -> memory.set(JAVA_INT_UNALIGNED, index << 2, (int) Math.rint(value));
            case U8 ->
                    memory.set(
                            JAVA_BYTE, index, (byte) Math.clamp((long) Math.rint(value), 0, 255));
        }
    }

    /**
     * The float next to an inexact value that has an odd last bit, so that rounding it further
     * gives what rounding the value at once would give (Boldo and Melquiond 2008).
     */
    private static float odd(double value) {
        float near = (float) value;
        if (near == value || Double.isNaN(value)) {
            return near;
        }
        int bits = Float.floatToRawIntBits(near);
        return Float.intBitsToFloat((Math.abs(near) > Math.abs(value) ? bits - 1 : bits) | 1);
    }

    /** The nearest bfloat16, ties to even; a NaN stays a (quiet) NaN. */
    public static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }
}
