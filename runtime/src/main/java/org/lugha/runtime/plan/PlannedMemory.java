package org.lugha.runtime.plan;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lugha.runtime.host.SlabPool;
import org.lugha.runtime.host.Supply;
import org.lugha.runtime.spi.Memory;

/**
 * The users' pool over addresses that stand for nothing, and a diary of who came and went, from
 * which the peak is told afterwards.
 */
final class PlannedMemory implements Memory {
    /** Bytes that this owner took, or gave back where negative. */
    private record Entry(String owner, long bytes) {}

    private final SlabPool pool;
    private final Map<Long, String> owners = new HashMap<>();
    private final List<Entry> diary = new ArrayList<>();
    private long peak;
    private int entriesAtPeak;

    PlannedMemory(long slab) {
        pool = new SlabPool(Long.MAX_VALUE, new Nowhere(), slab);
    }

    /** Hands out address after address. */
    private static final class Nowhere implements Supply {
        private long next = 1L << 20;

        @Override
        public Piece take(long bytes) {
            long start = next;
            next += (bytes + 4095) & -4096;
            return new Piece() {
                @Override
                public MemorySegment part(long from, long size) {
                    return MemorySegment.ofAddress(start + from);
                }

                @Override
                public void giveBack() {}
            };
        }
    }

    @Override
    public synchronized MemorySegment allocate(long bytes, String owner) {
        MemorySegment block = pool.allocate(bytes, owner);
        owners.put(block.address(), owner);
        diary.add(new Entry(owner, bytes));
        long live = pool.usage().live();
        if (live > peak) {
            peak = live;
            entriesAtPeak = diary.size();
        }
        return block;
    }

    @Override
    public synchronized void free(MemorySegment block, long bytes) {
        pool.free(block, bytes);
        diary.add(new Entry(owners.remove(block.address()), -bytes));
    }

    synchronized Plan plan() {
        Map<String, long[]> held = new TreeMap<>();
        for (Entry e : diary.subList(0, entriesAtPeak)) {
            long[] sum = held.computeIfAbsent(e.owner(), _ -> new long[2]);
            sum[0] += e.bytes();
            sum[1] += e.bytes() > 0 ? 1 : e.bytes() < 0 ? -1 : 0;
        }
        List<Plan.Share> shares = new ArrayList<>();
        held.forEach((owner, sum) -> shares.add(new Plan.Share(owner, sum[0], (int) sum[1])));
        shares.removeIf(s -> s.bytes() == 0);
        shares.sort(Comparator.comparingLong(Plan.Share::bytes).reversed());
        return new Plan(peak, pool.usage().live(), pool.usage().reserved(), shares);
    }

    @Override
    public void write(MemorySegment host, MemorySegment device) {}

    @Override
    public void read(MemorySegment device, MemorySegment host) {
        host.fill((byte) 0);
    }

    @Override
    public synchronized Usage usage() {
        Usage u = pool.usage();
        return new Usage(u.live(), peak, u.reserved(), u.requests());
    }

    @Override
    public synchronized void resetPeak() {
        pool.resetPeak();
        peak = pool.usage().live();
        entriesAtPeak = diary.size();
    }
}
