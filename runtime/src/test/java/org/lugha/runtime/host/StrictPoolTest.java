package org.lugha.runtime.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DeviceException;

class StrictPoolTest {
    private final StrictPool pool = new StrictPool(1000);

    @Test
    void blocks_are_nan_and_aligned() {
        MemorySegment block = pool.allocate(36, "a");
        assertEquals(0, block.address() % 64);
        assertEquals(36, block.byteSize());
        for (int i = 0; i < 9; i++) {
            assertTrue(Float.isNaN(block.getAtIndex(ValueLayout.JAVA_FLOAT, i)));
        }
        pool.free(block, 36);
    }

    @Test
    void a_stale_segment_throws() {
        MemorySegment block = pool.allocate(64, "a");
        pool.free(block, 64);
        assertThrows(IllegalStateException.class, () -> block.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, () -> pool.free(block, 64));
        assertEquals(0, pool.usage().live());
        assertEquals(0, pool.usage().reserved());
    }

    @Test
    void a_confined_block_is_strict_too_and_stays_on_its_thread() {
        StrictPool confined = new StrictPool(1 << 20, true);
        MemorySegment block = confined.allocate(64, "a");
        assertTrue(Float.isNaN(block.get(ValueLayout.JAVA_FLOAT, 0)));
        assertTrue(block.isAccessibleBy(Thread.currentThread()));
        assertFalse(block.isAccessibleBy(new Thread(() -> {})));
        confined.free(block, 64);
        assertThrows(IllegalStateException.class, () -> block.get(ValueLayout.JAVA_BYTE, 0));
        MemorySegment large = confined.allocate((64 << 10) + 1, "large");
        assertTrue(large.isAccessibleBy(new Thread(() -> {})), "tensors of this size are shared");
        confined.free(large, (64 << 10) + 1);
        assertEquals(0, confined.usage().reserved());
    }

    @Test
    void nothing_is_a_block_too() {
        MemorySegment block = pool.allocate(0, "a");
        assertEquals(0, block.byteSize());
        pool.free(block, 0);
    }

    @Test
    void has_a_limit() {
        pool.allocate(900, "step");
        var e = assertThrows(DeviceException.class, () -> pool.allocate(200, "Block"));
        assertTrue(e.getMessage().contains("largest: 900 B of 'step'"), e.getMessage());
    }
}
