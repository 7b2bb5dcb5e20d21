package org.lugha.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.lifecycle.TryExecutionResult;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** The watch sees a leak on any device, and both engines have it on. */
class MemoryWatchTest {
    @Test
    void jupiterTestsAreWatched() {
        assertEquals("test", Scope.current().name());
    }

    @RepeatedTest(2)
    void andThoseMadeOfTemplates() {
        assertEquals("test", Scope.current().name());
    }

    @Example
    void propertiesAreWatched() {
        assertEquals("test", Scope.current().name());
    }

    @Test
    void aLeakIsSeenOnEveryDevice() {
        for (Device device : List.of(Tensors.REFERENCE, Devices.get("cpu"))) {
            List<Long> before = Available.live();
            MemoryWatch.requireNothingLeft(before);
            Tensor.zeros(device, DType.F32, Shape.of(3));
            String message =
                    assertThrows(AssertionError.class, () -> MemoryWatch.requireNothingLeft(before))
                            .getMessage();
            assertTrue(message.startsWith("live bytes on " + device.name() + ": "), message);
            Tensor[] kept = new Tensor[1];
            assertThrows(
                    AssertionError.class,
                    () ->
                            OpAssertions.assertNoLeak(() -> {
                                kept[0] = Tensor.zeros(device, DType.F32, Shape.of(3));
                                kept[0].storage().retain();
                            }));
            kept[0].storage().release("test");
        }
        OpAssertions.assertNoLeak(() -> Tensors.randn(1, 3));
    }

    @Test
    void aTryThatLeaksIsFalsified() {
        Tensor[] kept = new Tensor[1];
        TryExecutionResult leaking =
                new MemoryWatch()
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
                new MemoryWatch()
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
