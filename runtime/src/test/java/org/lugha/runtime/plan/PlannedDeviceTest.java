package org.lugha.runtime.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import org.lugha.runtime.FreedTensorException;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.host.SlabPool;
import org.lugha.runtime.host.Supply;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Memory;

class PlannedDeviceTest {
    private static final long MIB = 1 << 20;
    private final PlannedDevice device = new PlannedDevice(Devices.get("cpu"));

    @Test
    void tells_the_peak_and_who_held_it() {
        Shape mib = Shape.of(256, 1024);
        try (var _ = Scope.open("weights")) {
            Tensor w = Tensor.randn(device, DType.F32, mib, 1);
            try (var _ = Scope.open("layer")) {
                Tensor y = w.emptyLike();
                device.kernels().elementwise().add(w, w, Into.overwrite(y));
                Tensor.zeros(device, DType.F64, mib);
            }
            w.copy(DType.BF16);
        }
        Plan plan = device.plan();
        assertEquals(4 * MIB, plan.peak());
        assertEquals(0, plan.live());
        assertEquals(64 * MIB, plan.reserved(), "one slab");
        assertEquals(
                List.of(new Plan.Share("layer", 3 * MIB, 2), new Plan.Share("weights", MIB, 1)),
                plan.shares());
        assertEquals(MIB, plan.held("weights"::equals));
        assertTrue(plan.toString().contains("3.0 MiB in 2 blocks of 'layer'"), plan.toString());
    }

    @Test
    void holds_no_numbers_and_takes_no_memory() {
        long before = Devices.get("cpu").memory().usage().live();
        try (var _ = Scope.open("large")) {
            Tensor t = Tensor.rand(device, DType.F32, Shape.of(1 << 20, 1 << 20), 1, 2, 3);
            assertEquals(4L << 40, device.memory().usage().live());
            assertEquals(0, t.memory().byteSize());
            assertFalse(device.computes());
            assertEquals(0, t.slice(0, 7, 8).slice(1, 5, 6).contiguous().item());
        }
        assertEquals(before, Devices.get("cpu").memory().usage().live());
    }

    @Test
    void use_after_free_is_caught_as_on_any_device() {
        Tensor t;
        try (var _ = Scope.open("gone")) {
            t = Tensor.zeros(device, DType.F32, Shape.of(3));
        }
        Tensor gone = t;
        try (var _ = Scope.open("test")) {
            Tensor y = Tensor.zeros(device, DType.F32, Shape.of(3));
            var k = device.kernels();
            assertThrows(FreedTensorException.class, gone::memory);
            assertThrows(FreedTensorException.class, () -> k.copy().copy(gone, Into.overwrite(y)));
            assertThrows(FreedTensorException.class, () -> k.softmax().forward(y, Into.add(gone)));
        }
    }

    /** The books and the addresses are those of the pool that users get. */
    @Property
    void keeps_the_books_of_the_pool(
            @ForAll @Size(max = 60) List<@IntRange(max = 40) Integer> all) {
        long slab = 64 << 10;
        Memory pool = new SlabPool(Long.MAX_VALUE, Supply.host(), slab);
        Memory planned = new PlannedMemory(slab);
        Deque<MemorySegment> real = new ArrayDeque<>();
        Deque<MemorySegment> stands = new ArrayDeque<>();
        Deque<Long> sizes = new ArrayDeque<>();
        for (int i : all) {
            if (i % 3 == 0 && !sizes.isEmpty()) {
                pool.free(real.poll(), sizes.peek());
                planned.free(stands.poll(), sizes.poll());
            } else {
                long bytes = i == 40 ? slab / 3 : i * 200L;
                sizes.add(bytes);
                real.add(pool.allocate(bytes, "p"));
                stands.add(planned.allocate(bytes, "p"));
            }
            assertEquals(pool.usage(), planned.usage());
        }
        while (!sizes.isEmpty()) {
            pool.free(real.poll(), sizes.poll());
        }
    }
}
