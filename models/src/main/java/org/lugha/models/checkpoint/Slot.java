package org.lugha.models.checkpoint;

import java.util.Arrays;

/** The place of a tensor that is written later: its type and shape. */
@SuppressWarnings("ArrayRecordComponent") // never compared; a shape is an array everywhere
public record Slot(Dtype dtype, long... shape) {
    long bytes() {
        return dtype.bytes(shape);
    }

    boolean fits(Source s) {
        return s.dtype() == dtype && Arrays.equals(s.shape(), shape);
    }

    @Override
    public String toString() {
        return dtype + Arrays.toString(shape);
    }
}
