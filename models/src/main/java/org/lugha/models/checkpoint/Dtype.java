package org.lugha.models.checkpoint;

import java.util.Optional;

/**
 * The element types of a safetensors file, under the names the format gives them, little-endian.
 *
 * <p>The order matters: the reference writer lays tensors out by it, from last to first.
 */
public enum Dtype {
    BOOL(1),
    U8(1),
    I8(1),
    F8_E5M2(1),
    F8_E4M3(1),
    I16(2),
    U16(2),
    F16(2),
    BF16(2),
    I32(4),
    U32(4),
    F32(4),
    F64(8),
    I64(8),
    U64(8);

    private final int bytes;

    Dtype(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /**
     * Bytes of a dense tensor of this type; throws ArithmeticException where a long is too small.
     */
    public long bytes(long... shape) {
        long n = bytes;
        for (long d : shape) {
            n = Math.multiplyExact(n, d);
        }
        return n;
    }

    static Optional<Dtype> named(String name) {
        for (Dtype d : values()) {
            if (d.name().equals(name)) {
                return Optional.of(d);
            }
        }
        return Optional.empty();
    }
}
