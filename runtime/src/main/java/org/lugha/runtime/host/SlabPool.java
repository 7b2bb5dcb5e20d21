package org.lugha.runtime.host;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.lugha.runtime.host.Supply.Piece;
import org.lugha.runtime.spi.Memory;

/**
 * Blocks in size classes, four to an octave, kept for reuse when they come back: after the first
 * step of a training run nothing is asked of the system any more.
 *
 * <p>Small blocks are cut from slabs that live as long as the process. A slab without live blocks
 * is cut anew before another is taken, and a free block of a larger class is taken before the
 * system is asked, so that runs of other lengths do not pile up classes. Blocks above a quarter of
 * a slab are pieces of their own; those are what can be given back under pressure.
 *
 * <p>Blocks that are not small start at different offsets within their pages. Where all started
 * alike, a kernel over four of them would load from the offset in a page that it has just stored
 * to, which processors take for the same address until they know better: AdamW took a quarter
 * longer. What this takes, less than one part in 100, is not counted.
 */
public final class SlabPool implements Memory {
    /** Usual bytes of a slab. */
    public static final long SLAB = 64L << 20;

    private static final int ALIGNMENT = 64;
    private static final long PAGE = 4096;

    /** From one block's place within a page to the next one's. */
    private static final long STAGGER = 5 * ALIGNMENT;

    /** Smaller blocks of a slab are not staggered: it would cost more than one part in 200. */
    private static final long STAGGERED = 64 << 10;

    private static final class Slab {
        final Piece piece;
        final long start;
        final long size;
        long used;
        int live;
        int cut;

        Slab(Piece piece, long start, long size) {
            this.piece = piece;
            this.start = start;
            this.size = size;
        }
    }

    /**
     * @param slab of a small block; null for a large one, which is a piece of its own
     * @param cut how often the slab had been cut anew: a block of an earlier cut is void
     */
    private record Block(Piece piece, long from, long size, Slab slab, int cut) {
        boolean isVoid() {
            return slab != null && slab.cut != cut;
        }
    }

    private final Ledger<Block> ledger;
    private final Supply supply;
    private final long slabSize;
    private final List<Slab> slabs = new ArrayList<>();
    private final Map<Long, Deque<Block>> free = new HashMap<>();
    private long taken;

    /** Of the JVM's memory, at most {@code limit} bytes of it. */
    public SlabPool(long limit) {
        this(limit, Supply.host(), SLAB);
    }

    /** Of another memory, or in slabs of another size. */
    public SlabPool(long limit, Supply supply, long slabSize) {
        ledger = new Ledger<>(limit);
        this.supply = supply;
        this.slabSize = slabSize;
    }

    /** The size class of a block: its octave's quarter, rounded up; at most 25 % above. */
    static long sizeClass(long bytes) {
        long unit = Math.max(ALIGNMENT, Long.highestOneBit(Math.max(1, bytes - 1)) / 4);
        return Math.max(1, (bytes + unit - 1) / unit) * unit;
    }

    @Override
    public synchronized MemorySegment allocate(long bytes, String owner) {
        long size = sizeClass(bytes);
        boolean isLarge = size > slabSize / 4;
        Block block = reuse(size);
        if (block == null && !isLarge) {
            block = cutFromHeld(size);
        }
        if (block == null) {
            block = larger(size);
        }
        if (block == null) {
            block = isLarge ? large(size) : cutFromNew(size);
        }
        if (block == null) {
            throw ledger.exhausted(bytes, owner);
        }
        if (block.slab() != null) {
            block.slab().live++;
        }
        MemorySegment memory = block.piece().part(block.from(), bytes);
        ledger.add(memory.address(), block, bytes, owner);
        return memory;
    }

    @Override
    public synchronized void free(MemorySegment memory, long bytes) {
        Block block = ledger.remove(memory.address());
        if (block.slab() != null) {
            block.slab().live--;
        }
        free.computeIfAbsent(block.size(), _ -> new ArrayDeque<>()).push(block);
    }

    private Block reuse(long size) {
        Deque<Block> blocks = free.get(size);
        Block block = blocks == null ? null : blocks.poll();
        while (block != null && block.isVoid()) {
            block = blocks.poll();
        }
        return block;
    }

    /** The smallest free block that is larger, whatever its class. */
    private Block larger(long size) {
        return free.keySet().stream()
                .filter(other -> other > size)
                .sorted()
                .map(this::reuse)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private Block large(long size) {
        long from = start();
        Piece piece = take(size, 0);
        return piece == null ? null : new Block(piece, from, size, null, 0);
    }

    private Block cutFromHeld(long size) {
        for (Slab slab : slabs) {
            if (slab.live == 0 && slab.used > 0) {
                slab.used = 0;
                slab.cut++;
            }
            if (slab.size - slab.used >= size) {
                return cut(slab, size);
            }
        }
        return null;
    }

    private Block cutFromNew(long size) {
        long start = start();
        long more = slabSize / STAGGERED * STAGGER;
        Piece piece = take(slabSize, more);
        if (piece == null) {
            return null;
        }
        Slab slab = new Slab(piece, start, slabSize + more);
        slabs.add(slab);
        return cut(slab, size);
    }

    private static Block cut(Slab slab, long size) {
        long from = slab.start + slab.used;
        slab.used += size >= STAGGERED ? size + STAGGER : size;
        return new Block(slab.piece, from, size, slab, slab.cut);
    }

    /** Where the next piece is used from. */
    private long start() {
        return taken * STAGGER % PAGE;
    }

    /**
     * Memory from the system, if need be after giving back what lies unused; null if none.
     *
     * @param more bytes that are not counted
     */
    private Piece take(long size, long more) {
        for (int attempt = 0; attempt < 2; attempt++) {
            if (ledger.fits(size)) {
                try {
                    Piece piece = supply.take(PAGE + size + more);
                    taken++;
                    ledger.taken(size);
                    return piece;
                } catch (OutOfMemoryError _) {
                    // the system has no more; the second attempt follows the clearing out
                }
            }
            giveBack();
        }
        return null;
    }

    private void giveBack() {
        for (Deque<Block> blocks : free.values()) {
            blocks.removeIf(b -> {
                if (b.slab() != null) {
                    return false;
                }
                ledger.returned(b.size());
                b.piece().giveBack();
                return true;
            });
        }
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
