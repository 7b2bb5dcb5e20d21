package org.lugha.runtime.cpu.thread;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Working memory of one thread that kernels reuse from call to call: off-heap, aligned to 64, only
 * ever growing. A kernel that fans out hands its caller's scratch to the other threads.
 */
public final class Scratch {
    private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);
    private static final LongAdder RESERVED = new LongAdder();

    private final Map<Purpose, MemorySegment> held = new EnumMap<>(Purpose.class);

    private Scratch() {}

    /** What a piece of scratch is for; two of the same purpose are the same memory. */
    public enum Purpose {
        /** Packed left operand of a product. */
        LEFT,
        /** Packed right operand of a product. */
        RIGHT,
        /** A result before it goes where it belongs. */
        RESULT,
        /** A result with rows and columns exchanged. */
        TURNED_RESULT,
        /** One tile, and one strip of rows at an edge. */
        TILE,
        /** Values of a function on their way to a product. */
        STRIP,
        /** Powers of two that an exponential is raised by; may be used beside a strip. */
        EXPONENTS,
        /** Elements that fill no vector; may be used beside a strip. */
        EDGE,
        /** One row of a tensor, widened or not yet scaled. */
        ROW,
        /** Square blocks of attention, and what belongs to them. */
        BLOCKS,
        /** Logits of a chunk of the vocabulary, and what belongs to them. */
        LOGITS,
        /** Four rows on their way to being columns. */
        TURN,
        /** Rows of a weight as floats, on their way to a panel or a sum. */
        WIDE,
        /** Rows of the operands of a kernel as floats. */
        ROWS,
        /** Rows of tables beside them. */
        TABLES,
        /** Vectors that every row needs, as floats, such as a norm's weight. */
        VECTORS,
        /** One vector whose bits change their type. */
        BITS,
        /** Codes of a block before they are packed. */
        CODES
    }

    /** The scratch of the current thread. */
    public static Scratch mine() {
        return MINE.get();
    }

    /** Bytes that all threads hold; those of a thread that ended count on. */
    public static long reserved() {
        return RESERVED.sum();
    }

    /** At least {@code bytes} bytes; the content is what the last user left. */
    public MemorySegment of(Purpose purpose, long bytes) {
        MemorySegment m = held.get(purpose);
        if (m == null || m.byteSize() < bytes) {
            RESERVED.add(-(m == null ? 0 : m.byteSize()));
            m = Arena.ofAuto().allocate((bytes + 4095) & -4096, 64);
            RESERVED.add(m.byteSize());
            held.put(purpose, m);
        }
        return m;
    }
}
