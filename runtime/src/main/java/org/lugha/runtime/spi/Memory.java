package org.lugha.runtime.spi;

import java.lang.foreign.MemorySegment;

/** A device's memory: blocks handed out and taken back, and copies between it and the host. */
public interface Memory {

    /**
     * A block of at least {@code bytes} bytes, aligned to 64, content undefined. On a device whose
     * memory the JVM cannot read the segment has size zero and holds the address alone.
     *
     * @param owner name of the scope that asks, for the message when memory runs out
     * @throws org.lugha.runtime.DeviceException with the largest live blocks and their scopes
     */
    MemorySegment allocate(long bytes, String owner);

    /** Takes back a block that {@link #allocate} gave for the same {@code bytes}. */
    void free(MemorySegment block, long bytes);

    /** Host to device; sizes are the host segment's. */
    void write(MemorySegment host, MemorySegment device);

    /** Device to host; sizes are the host segment's. */
    void read(MemorySegment device, MemorySegment host);

    Usage usage();

    /**
     * Bytes, as asked for.
     *
     * @param live handed out now
     * @param peak largest {@code live} since the start or the last {@link Memory#resetPeak}
     * @param reserved taken from the system now
     * @param requests how often the system was asked since the start
     */
    record Usage(long live, long peak, long reserved, long requests) {}

    /** Peak becomes what is live now. */
    void resetPeak();
}
