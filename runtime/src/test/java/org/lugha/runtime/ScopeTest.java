package org.lugha.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private final Device device = Devices.get("reference");

    private Tensor tensor() {
        return Tensor.zeros(device, DType.F32, Shape.of(4));
    }

    @Test
    void whatIsLetGoDiesAtOnceUnlessSomebodyElseHoldsIt() {
        try (var outer = Scope.open("outer");
                var inner = Scope.open("inner")) {
            Tensor alone = Tensor.empty(device, DType.F32, Shape.of(4));
            Tensor shared = outer.keep(Tensor.empty(device, DType.F32, Shape.of(4)));
            inner.letGo(alone);
            inner.letGo(shared);
            inner.letGo(shared); // no owner any more: nothing happens
            assertThrows(FreedTensorException.class, alone::memory);
            shared.memory();
        }
    }

    @Test
    void closing_frees_what_was_created_inside() {
        long before = device.memory().usage().live();
        Tensor t;
        try (var _ = Scope.open("step")) {
            t = tensor();
            assertEquals(before + 16, device.memory().usage().live());
        }
        assertEquals(before, device.memory().usage().live());
        assertFalse(t.storage().isAlive());
    }

    @Test
    void using_it_later_names_both_scopes() {
        Tensor t;
        try (Scope step = Scope.open("step")) {
            try (var _ = Scope.open("Block")) {
                t = step.keep(tensor());
            }
            assertEquals(0, t.get(0));
        }
        var e = assertThrows(FreedTensorException.class, t::memory);
        assertEquals(
                "this tensor was created in scope 'Block' and freed when 'step' ended; to use it"
                        + " longer, keep it: scope.keep(tensor)",
                e.getMessage());
        assertThrows(FreedTensorException.class, () -> t.get(0));
        assertThrows(FreedTensorException.class, () -> t.storage().retain());
    }

    @Test
    void a_result_is_given_to_the_enclosing_scope() {
        try (var _ = Scope.open("outer")) {
            Tensor t;
            try (Scope inner = Scope.open("inner")) {
                t = inner.yield(tensor());
            }
            assertEquals(0, t.get(3));
        }
        try (Scope top = Scope.open("top")) {
            assertThrows(IllegalStateException.class, () -> top.yield(tensor()));
        }
    }

    @Test
    void other_owners_keep_it_alive() {
        Tensor t;
        try (var _ = Scope.open("step")) {
            t = tensor();
            t.storage().retain();
        }
        assertTrue(t.storage().isAlive());
        t.storage().release("cache");
        var e = assertThrows(FreedTensorException.class, t::memory);
        assertTrue(e.getMessage().contains("freed when 'cache' ended"), e.getMessage());
    }

    @Test
    void a_step_that_throws_leaks_nothing() {
        long before = device.memory().usage().live();
        assertThrows(
                IllegalArgumentException.class,
                () -> {
                    try (var _ = Scope.open("step")) {
                        tensor();
                        try (var _ = Scope.open("Block")) {
                            tensor();
                            throw new IllegalArgumentException();
                        }
                    }
                });
        assertEquals(before, device.memory().usage().live());
        assertFalse(Scope.isOpen());
    }

    @Test
    void tensors_need_an_open_scope() {
        var e = assertThrows(IllegalStateException.class, this::tensor);
        assertTrue(e.getMessage().contains("no scope is open on thread"), e.getMessage());
    }

    @Test
    void scopes_are_closed_inside_out() {
        Scope outer = Scope.open("outer");
        Scope inner = Scope.open("inner");
        var e = assertThrows(IllegalStateException.class, outer::close);
        assertTrue(e.getMessage().contains("still open: 'inner'"), e.getMessage());
        inner.close();
        inner.close();
        assertThrows(IllegalStateException.class, () -> inner.keep(tensor()));
        outer.close();
        assertFalse(Scope.isOpen());
    }

    @Test
    void another_thread_may_neither_keep_nor_close() throws InterruptedException {
        try (Scope scope = Scope.open("mine")) {
            Tensor t = tensor();
            var keep = new AtomicReference<Throwable>();
            var close = new AtomicReference<Throwable>();
            Thread other =
                    new Thread(() -> {
                        keep.set(assertThrows(IllegalStateException.class, () -> scope.keep(t)));
                        close.set(assertThrows(IllegalStateException.class, scope::close));
                    });
            other.start();
            other.join();
            assertTrue(
                    keep.get().getMessage().contains("belongs to thread"), keep.get().getMessage());
            assertTrue(
                    close.get().getMessage().contains("must be closed by thread"),
                    close.get().getMessage());
        }
    }
}
