package org.lugha.runtime.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Where a pool takes pieces of memory from before it cuts them. */
public interface Supply {
    /** A piece of the system's memory: only parts of it are handed out. */
    interface Piece {
        /** {@code bytes} of it from byte {@code from} on. */
        MemorySegment part(long from, long bytes);

        /** Back to the system. */
        void giveBack();
    }

    /**
     * A piece aligned to 64.
     *
     * @throws OutOfMemoryError when the system has no more
     */
    Piece take(long bytes);

    /** The JVM's own memory. */
    static Supply host() {
        record HostPiece(Arena arena, MemorySegment memory) implements Piece {
            @Override
            public MemorySegment part(long from, long bytes) {
                return memory.asSlice(from, bytes);
            }

            @Override
            public void giveBack() {
                arena.close();
            }
        }
        return bytes -> {
            Arena arena = Arena.ofShared();
            try {
                return new HostPiece(arena, arena.allocate(bytes, 64));
            } catch (OutOfMemoryError e) {
                arena.close();
                throw e;
            }
        };
    }
}
