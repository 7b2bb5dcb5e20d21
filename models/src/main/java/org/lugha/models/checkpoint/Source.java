package org.lugha.models.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.Locale;

/**
 * A tensor to be written: its type, its shape and something that writes its bytes, row-major and
 * little-endian, when its turn comes. Nothing is copied to the heap as a whole.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a shape is an array everywhere
public record Source(Dtype dtype, long[] shape, Content content) {
    private static final long NATIVE_CHUNK = 1L << 30;
    private static final long HEAP_CHUNK = 1L << 20;

    /** Writes exactly the bytes that type and shape promise. */
    @FunctionalInterface
    public interface Content {
        void writeTo(WritableByteChannel out) throws IOException;
    }

    /** A tensor whose bytes are already in memory. */
    public static Source of(Dtype dtype, long[] shape, MemorySegment data) {
        long expected = dtype.bytes(shape);
        if (data.byteSize() != expected) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "tensor to write: %s%s has %d bytes, the memory given has %d; pass all of it",
                            dtype,
                            Arrays.toString(shape),
                            expected,
                            data.byteSize()));
        }
        return new Source(dtype, shape, out -> copy(data, out));
    }

    long bytes() {
        return dtype.bytes(shape);
    }

    private static void copy(MemorySegment data, WritableByteChannel out) throws IOException {
        if (data.isNative()) {
            for (long at = 0; at < data.byteSize(); at += NATIVE_CHUNK) {
                long n = Math.min(NATIVE_CHUNK, data.byteSize() - at);
                drain(data.asSlice(at, n).asByteBuffer(), out);
            }
            return;
        }
        // Java arrays go through a small buffer: the channel would make one as large as the array.
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(HEAP_CHUNK);
            for (long at = 0; at < data.byteSize(); at += HEAP_CHUNK) {
                long n = Math.min(HEAP_CHUNK, data.byteSize() - at);
                MemorySegment.copy(data, at, buffer, 0, n);
                drain(buffer.asSlice(0, n).asByteBuffer(), out);
            }
        }
    }

    private static void drain(ByteBuffer bytes, WritableByteChannel out) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
