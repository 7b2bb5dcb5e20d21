package org.lugha.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TensorTest {
    private final Device device = Devices.get("reference");
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open("test");
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private Tensor counting(int... dims) {
        return Tensor.generate(device, DType.F32, Shape.of(dims), i -> i);
    }

    @Test
    void holds_what_it_was_given() {
        assertArrayEquals(
                new double[] {1, 2, 3, 4},
                Tensor.of(device, Shape.of(2, 2), 1f, 2f, 3f, 4f).toArray());
        assertEquals(DType.F64, Tensor.of(device, Shape.of(1), 0.1).dtype());
        assertEquals(0.1, Tensor.of(device, Shape.of(), 0.1).item());
        assertEquals(DType.I32, Tensor.of(device, Shape.of(2), 7, 8).dtype());
        assertArrayEquals(
                new double[] {7, 7}, Tensor.full(device, DType.BF16, Shape.of(2), 7).toArray());
    }

    @Test
    void refuses_another_number_of_values() {
        var e = assertThrows(ShapeException.class, () -> Tensor.of(device, Shape.of(2, 2), 1f, 2f));
        assertEquals("tensor: [2, 2] needs 4 values, got 2", e.getMessage());
    }

    @Test
    void views_share_elements() {
        Tensor t = counting(2, 3, 4);
        Tensor v = t.slice(1, 1, 3).transpose(1, 2);
        assertEquals(Shape.of(2, 4, 2), v.shape());
        assertEquals(4, v.get(0));
        assertEquals(8, v.get(1));
        v.set(1, -1);
        assertEquals(-1, t.get(8));
        assertEquals(Shape.of(6, 4), t.rows().shape());
        assertSame(t.storage(), t.view(24).storage());
    }

    @Test
    void contiguous_copies_only_what_has_gaps() {
        Tensor t = counting(2, 3);
        assertSame(t, t.contiguous());
        Tensor c = t.transpose(0, 1).contiguous();
        assertArrayEquals(new double[] {0, 3, 1, 4, 2, 5}, c.toArray());
        assertTrue(c.layout().isContiguous());
    }

    @Test
    void memory_is_exactly_the_elements() {
        Tensor t = counting(4, 3);
        assertEquals(24, t.slice(0, 1, 3).memory().byteSize());
        assertEquals(3f, t.slice(0, 1, 3).memory().get(ValueLayout.JAVA_FLOAT, 0));
        var e = assertThrows(ShapeException.class, () -> t.transpose(0, 1).memory());
        assertTrue(e.getMessage().contains("F32[3, 4]"), e.getMessage());
    }

    @Test
    void may_be_empty() {
        Tensor t = counting(0, 3);
        assertEquals(0, t.count());
        assertEquals(0, t.memory().byteSize());
        assertEquals(0, t.toArray().length);
        assertEquals(Shape.of(3, 0), t.transpose(0, 1).contiguous().shape());
    }

    @Test
    void item_wants_one_element() {
        var e = assertThrows(ShapeException.class, () -> counting(2).item());
        assertEquals("item: needs one element, got F32[2]@reference", e.getMessage());
    }

    @Test
    void goes_to_another_device_and_back() {
        Device cpu = Devices.get("cpu");
        Tensor t = counting(2, 3).transpose(0, 1);
        Tensor there = t.to(cpu);
        assertSame(cpu, there.device());
        assertSame(there, there.to(cpu));
        assertArrayEquals(t.toArray(), there.to(device).toArray());
    }

    @Test
    void wraps_memory_of_others() {
        try (Arena arena = Arena.ofConfined()) {
            var memory = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1f, 2f);
            Tensor t = Tensor.wrap(device, DType.F32, Shape.of(2), memory, "weights");
            assertEquals(2, t.get(1));
            var e =
                    assertThrows(
                            ShapeException.class,
                            () -> Tensor.wrap(device, DType.F32, Shape.of(3), memory, "weights"));
            assertEquals(
                    "wrap: weights is F32[3] and needs 12 bytes, the memory has 8", e.getMessage());
        }
    }

    @Test
    void random_numbers_depend_on_the_seed_alone() {
        Tensor a = Tensor.randn(device, DType.F64, Shape.of(1000), 7);
        Tensor b = Tensor.randn(device, DType.F64, Shape.of(10, 100), 7);
        assertArrayEquals(a.toArray(), b.toArray());
        double mean = 0;
        double square = 0;
        for (double x : a.toArray()) {
            mean += x / 1000;
            square += x * x / 1000;
        }
        assertEquals(0, mean, 0.1);
        assertEquals(1, square, 0.15);
    }
}
