package org.lugha.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DeviceException;

class SlabPoolTest {
    private static final long MIB = 1 << 20;
    private static final SlabPool POOL = new SlabPool(256 * MIB);

    @Property
    void a_class_is_at_most_a_quarter_larger(@ForAll @IntRange(min = 1) int bytes) {
        long size = SlabPool.sizeClass(bytes);
        assertTrue(size >= bytes && size % 64 == 0);
        assertTrue(size <= Math.max(bytes + 63, bytes * 1.25));
        assertEquals(size, SlabPool.sizeClass(size));
    }

    /** A run with the same shapes asks the system only once. */
    @Test
    void later_rounds_ask_for_nothing() {
        long[] sizes = {1, 64, 100, 4096, 70_000, 3 * MIB, 17 * MIB, 0};
        long requests = 0;
        for (int round = 0; round < 3; round++) {
            List<MemorySegment> blocks = new ArrayList<>();
            for (long size : sizes) {
                blocks.add(POOL.allocate(size, "round"));
            }
            for (int i = 0; i < sizes.length; i++) {
                assertEquals(sizes[i], blocks.get(i).byteSize());
                POOL.free(blocks.get(i), sizes[i]);
            }
            if (round > 0) {
                assertEquals(requests, POOL.usage().requests());
            }
            requests = POOL.usage().requests();
        }
    }

    @Property
    void blocks_are_aligned_and_apart(
            @ForAll @Size(max = 40) List<@IntRange(max = 5000) Integer> sizes) {
        List<MemorySegment> blocks = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            MemorySegment block = POOL.allocate(sizes.get(i), "property");
            assertEquals(0, block.address() % 64);
            blocks.add(block.fill((byte) i));
            if (i % 3 == 2) {
                MemorySegment gone = blocks.removeFirst();
                POOL.free(gone, gone.byteSize());
            }
        }
        for (MemorySegment block : blocks) {
            if (block.byteSize() > 0) {
                byte first = block.get(ValueLayout.JAVA_BYTE, 0);
                assertEquals(-1, block.mismatch(MemorySegment.ofArray(filled(block, first))));
            }
            POOL.free(block, block.byteSize());
        }
    }

    private static byte[] filled(MemorySegment like, byte value) {
        byte[] bytes = new byte[(int) like.byteSize()];
        Arrays.fill(bytes, value);
        return bytes;
    }

    @Test
    void counts_what_is_live() {
        long before = POOL.usage().live();
        MemorySegment a = POOL.allocate(1000, "a");
        MemorySegment b = POOL.allocate(500, "b");
        POOL.resetPeak();
        POOL.free(a, 1000);
        assertEquals(before + 500, POOL.usage().live());
        assertEquals(before + 1500, POOL.usage().peak());
        POOL.free(b, 500);
        POOL.resetPeak();
        assertEquals(before, POOL.usage().peak());
        assertThrows(IllegalStateException.class, () -> POOL.free(b, 500));
    }

    /** Runs of other lengths want other classes: what is free is cut anew first. */
    @Test
    void a_slab_without_live_blocks_is_cut_anew() {
        var pool = new SlabPool(SlabPool.SLAB);
        for (long size : new long[] {MIB, 3 * MIB / 2, MIB, 7168}) {
            List<MemorySegment> blocks = new ArrayList<>();
            for (long used = 0; used + size <= SlabPool.SLAB; used += size) {
                blocks.add(pool.allocate(size, "length"));
            }
            blocks.forEach(b -> pool.free(b, size));
            assertEquals(1, pool.usage().requests());
        }
    }

    @Test
    void gives_large_blocks_back_under_pressure() {
        var pool = new SlabPool(100 * MIB);
        MemorySegment first = pool.allocate(60 * MIB, "first");
        pool.free(first, 60 * MIB);
        assertEquals(pool.allocate(60 * MIB, "again").address(), first.address());
        pool.free(first, 60 * MIB);
        MemorySegment second = pool.allocate(80 * MIB, "second");
        assertEquals(80 * MIB, pool.usage().reserved());
        assertThrows(IllegalStateException.class, () -> first.get(ValueLayout.JAVA_BYTE, 0));
        pool.free(second, 80 * MIB);
    }

    @Test
    void says_who_holds_what_when_memory_runs_out() {
        var pool = new SlabPool(50 * MIB);
        pool.allocate(20 * MIB, "Block");
        pool.allocate(24 * MIB, "step");
        var e = assertThrows(DeviceException.class, () -> pool.allocate(30 * MIB, "logits"));
        assertEquals(
                "out of memory: 'logits' asked for 30.0 MiB, 44.0 MiB are live in 2 blocks, 44.0"
                        + " MiB of at most 50.0 MiB are taken; largest: 24.0 MiB of 'step', 20.0"
                        + " MiB of 'Block'; use a smaller batch, shorter sequences or recompute",
                e.getMessage());
        assertThrows(DeviceException.class, () -> pool.allocate(1, "small"));
    }

    @Test
    void takes_a_larger_block_before_it_gives_up() {
        var pool = new SlabPool(SlabPool.SLAB);
        MemorySegment kept = pool.allocate(15 * MIB, "kept");
        for (int i = 0; i < 3; i++) {
            MemorySegment block = pool.allocate(16 * MIB, "other");
            if (i == 2) {
                pool.free(block, 16 * MIB);
            }
        }
        MemorySegment small = pool.allocate(2 * MIB, "small");
        assertEquals(1, pool.usage().requests());
        pool.free(small, 2 * MIB);
        pool.free(kept, 15 * MIB);
    }

    @Test
    void serves_many_threads() {
        long before = POOL.usage().live();
        IntStream.range(0, 8)
                .parallel()
                .forEach(i -> {
                    for (int n = 0; n < 500; n++) {
                        MemorySegment block = POOL.allocate(100 + i * 64L, "thread");
                        block.fill((byte) i);
                        assertEquals((byte) i, block.get(ValueLayout.JAVA_BYTE, 99));
                        POOL.free(block, 100 + i * 64L);
                    }
                });
        assertEquals(before, POOL.usage().live());
    }
}
