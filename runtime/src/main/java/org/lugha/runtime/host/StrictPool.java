package org.lugha.runtime.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lugha.runtime.spi.Memory;

/**
 * Finds mistakes instead of being fast: every block has an arena of its own that is closed when the
 * block is freed, so a stale segment throws; and it is filled with {@code 0xFF}, NaN in every float
 * type, so that reading what was never written shows.
 *
 * <p>Closing an arena that threads share takes tens of microseconds, so the blocks may be confined:
 * each up to 64 KiB belongs to the thread that asked for it, and its use by another one throws.
 */
public final class StrictPool implements Memory {
    private record Block(Arena arena, long bytes) {}

    /** Larger tensors are filled by several threads. */
    private static final long MOST_CONFINED = 64 << 10;

    private final Ledger<Block> ledger;
    private final boolean confined;

    public StrictPool(long limit) {
        this(limit, false);
    }

    /** Confined, for kernels that stay on their caller's thread. */
    StrictPool(long limit, boolean confined) {
        ledger = new Ledger<>(limit);
        this.confined = confined;
    }

    @Override
    public synchronized MemorySegment allocate(long bytes, String owner) {
        long size = Math.max(1, bytes);
        if (!ledger.fits(size)) {
            throw ledger.exhausted(bytes, owner);
        }
        boolean own = confined && size <= MOST_CONFINED;
        Arena arena = own ? Arena.ofConfined() : Arena.ofShared();
        MemorySegment block;
        try {
            block = arena.allocate(size, 64).fill((byte) 0xFF);
        } catch (OutOfMemoryError _) {
            arena.close();
            throw ledger.exhausted(bytes, owner);
        }
        ledger.taken(size);
        ledger.add(block.address(), new Block(arena, size), bytes, owner);
        return block.asSlice(0, bytes);
    }

    @Override
    public synchronized void free(MemorySegment block, long bytes) {
        Block gone = ledger.remove(block.address());
        ledger.returned(gone.bytes());
        gone.arena().close();
    }

    @Override
    public void write(MemorySegment host, MemorySegment device) {
        MemorySegment.copy(host, 0, device, 0, host.byteSize());
    }

    @Override
    public void read(MemorySegment device, MemorySegment host) {
        MemorySegment.copy(device, 0, host, 0, host.byteSize());
    }

    @Override
    public synchronized Usage usage() {
        return ledger.usage();
    }

    @Override
    public synchronized void resetPeak() {
        ledger.resetPeak();
    }
}
