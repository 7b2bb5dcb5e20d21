package org.lugha.models.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * One tensor of an open file: row-major, little-endian, possibly unaligned (read it with unaligned
 * layouts). The data lives until the file it came from, or the arena it was opened in, is closed.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a shape is an array everywhere
public record Entry(String name, Dtype dtype, long[] shape, MemorySegment data) {

    /** Elements in all; 1 for a scalar. */
    public long count() {
        return data.byteSize() / dtype.bytes();
    }

    /** The same tensor as something to write. */
    public Source source() {
        return Source.of(dtype, shape, data);
    }

    @Override
    public String toString() {
        return name + " " + dtype + Arrays.toString(shape);
    }
}
