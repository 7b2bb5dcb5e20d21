package org.lugha.autograd.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.TryExecutionResult;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;

/** The watch sees a leak, and both engines have it on. */
class NoLeaksTest {
    @Test
    void jupiterTestsAreWatched() {
        assertEquals("test", Scope.current().name());
    }

    @Example
    void propertiesAreWatched() {
        assertEquals("test", Scope.current().name());
    }

    @Test
    void aLeakIsSeen() {
        long before = NoLeaks.live();
        Tensor t = Tensors.randn(1, 3);
        assertEquals(before + 24, NoLeaks.live());
        assertThrows(AssertionError.class, () -> NoLeaks.requireNothingLeft(before));
        assertTrue(t.storage().isAlive());
    }

    @Test
    void aTryThatLeaksIsFalsified() {
        Tensor[] kept = new Tensor[1];
        TryExecutionResult leaking =
                new NoLeaks()
                        .aroundTry(
                                null,
                                _ -> {
                                    kept[0] = Tensors.randn(1, 3);
                                    kept[0].storage().retain();
                                    return TryExecutionResult.satisfied();
                                },
                                List.of());
        assertEquals(TryExecutionResult.Status.FALSIFIED, leaking.status());
        kept[0].storage().release("test");
        TryExecutionResult clean =
                new NoLeaks()
                        .aroundTry(
                                null,
                                _ -> {
                                    Tensors.randn(1, 3);
                                    return TryExecutionResult.satisfied();
                                },
                                List.of());
        assertTrue(clean.isSatisfied());
    }
}
