package org.lugha.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.op.LinearCrossEntropy;
import org.lugha.runtime.Tensor;

/** What a tape records, when gradients add up, and what it says when used wrongly. */
class TapeTest implements Tensors {
    private static Tensor x() {
        return Tensors.randn(1, 2, 3);
    }

    @Test
    void gradientsAddUpUntilTheyAreCleared() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 2, 3))) {
            for (int pass = 1; pass <= 3; pass++) {
                step(p, 2);
                assertEquals(2.0 * pass, p.gradient().get(0));
            }
            p.clearGradient();
            assertFalse(p.hasGradient());
            assertThrows(IllegalStateException.class, p::gradient);
            step(p, 5);
            assertEquals(5, p.gradient().get(0), "what was there before the clear is not read");
        }
    }

    private static void step(Parameter p, double factor) {
        try (var _ = Tape.open()) {
            p.scale(factor).sum().backward();
        }
    }

    @Test
    void microBatchesAddUpToTheWholeBatch() {
        Tensor h = Tensors.randn(2, 5, 3);
        Tensor labels = Tensors.ids(3, 4, 5);
        LinearCrossEntropy loss = new LinearCrossEntropy(1 / 5.0);
        try (Parameter whole = Parameter.of("w", Tensors.randn(4, 4, 3));
                Parameter parts = Parameter.of("w", Tensors.randn(4, 4, 3))) {
            double all = 0;
            try (var _ = Tape.open()) {
                loss.apply(Var.of(h), whole, Var.of(labels)).backward();
            }
            int[] cuts = {0, 2, 2, 5};
            for (int i = 0; i + 1 < cuts.length; i++) {
                try (var _ = Tape.open()) {
                    Var part = Var.of(h.slice(0, cuts[i], cuts[i + 1]));
                    Var l = loss.apply(part, parts, Var.of(labels.slice(0, cuts[i], cuts[i + 1])));
                    all += l.item();
                    l.backward();
                }
            }
            assertEquals(loss.apply(Var.of(h), whole, Var.of(labels)).item(), all, 1e-12);
            assertArrayEquals(whole.gradient().toArray(), parts.gradient().toArray(), 1e-12);
        }
    }

    @Test
    void withoutATapeNothingIsRecorded() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 3))) {
            Var y = p.scale(2);
            assertFalse(y.needsGradient());
            fails(y.sum()::backward, "no tape is open on this thread");
            try (var _ = Tape.open()) {
                assertTrue(p.scale(2).needsGradient());
                assertFalse(Var.of(p.value()).scale(2).needsGradient());
                assertFalse(p.trainable(false).scale(2).needsGradient());
            }
        }
    }

    @Test
    void whatIsFrozenAfterForwardStillGetsItsGradient() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 3));
                var _ = Tape.open()) {
            Var y = p.mul(p).sum();
            p.trainable(false);
            y.backward();
            assertEquals(2 * p.value().get(0), p.gradient().get(0), 1e-12);
        }
    }

    @Test
    void branchesTheLossDoesNotSeeAreLetGo() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 3));
                var _ = Tape.open()) {
            Var h = p.scale(2);
            Var metric = h.softmax().mul(h);
            h.sum().backward();
            assertArrayEquals(new double[] {2, 2, 2}, p.gradient().toArray());
            assertEquals(3, metric.value().count());
            fails(
                    metric.sum()::backward,
                    "the tape has let go of Mul[]",
                    "once, from the sum of the losses");
        }
    }

    @Test
    void twoLossesOneAfterTheOtherInOneTape() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 3));
                var _ = Tape.open()) {
            p.scale(2).sum().backward();
            p.scale(3).sum().backward();
            assertArrayEquals(new double[] {5, 5, 5}, p.gradient().toArray());
        }
    }

    @Test
    void anInnerTapeAddsToWhatTheOuterOneKnows() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 3));
                Tape outer = Tape.open()) {
            Var h = p.scale(2);
            try (var _ = Tape.open()) {
                h.mul(h).sum().backward();
                assertFalse(p.hasGradient(), "it waits at h for the outer tape");
            }
            outer.backward(h.sum());
            for (int i = 0; i < 3; i++) {
                assertEquals(2 * (2 * 2 * p.value().get(i) + 1), p.gradient().get(i), 1e-12);
            }
        }
    }

    @Test
    void aTapeIsUsedWhereItIsTheInnermost() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 3));
                Tape outer = Tape.open()) {
            Var loss = p.sum();
            Var ended;
            try (var _ = Tape.open()) {
                fails(loss::backward, "was computed in another tape");
                fails(() -> outer.backward(loss), "a tape opened later is still open");
                fails(outer::close, "close: a tape opened later is still open");
                ended = p.view(3);
            }
            fails(() -> ended.sum().backward(), "the tape has let go of View");
            loss.backward();
            fails(loss::backward, "the tape has let go of Sum[]");
        }
    }

    @Test
    void backwardStartsFromOneNumberOrAGradientOfTheSameShape() {
        try (Parameter p = Parameter.of("p", x());
                Tape tape = Tape.open()) {
            Gradients.rejects(
                    p.scale(2)::backward, "backward: starts from one number", "F64[2, 3]");
            Tensor dy = Tensors.randn(1, 3, 2);
            Gradients.rejects(
                    () -> tape.backward(p.scale(2), dy), "shape of F64[2, 3]", "got F64[3, 2]");
            fails(Var.of(x()).sum()::backward, "depends on no trainable parameter");
        }
    }

    @Test
    void oneStepStaysOnOneThread() throws InterruptedException {
        try (Parameter p = Parameter.of("p", x());
                Tape tape = Tape.open()) {
            Var h = p.scale(2);
            assertTrue(
                    elsewhere(() -> h.scale(3))
                            .contains("op Scale[factor=3.0]: the tape belongs to"));
            assertTrue(
                    elsewhere(() -> tape.backward(h.sum()))
                            .contains("one step stays on one thread"));
            assertTrue(elsewhere(tape::close).contains("close: the tape belongs to thread"));
            assertTrue(elsewhere(Tape::current).contains("no tape is open on this thread"));
            h.sum().backward();
        }
    }

    private static String elsewhere(Executable call) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                call.execute();
                            } catch (Throwable t) {
                                thrown.set(t);
                            }
                        },
                        "another");
        thread.start();
        thread.join();
        assertEquals(IllegalStateException.class, thrown.get().getClass(), thrown.get().toString());
        return thrown.get().getMessage();
    }

    @Test
    void closingTwiceDoesNothing() {
        try (Tape outer = Tape.open()) {
            Tape inner = Tape.open();
            inner.close();
            inner.close();
            assertEquals(outer, Tape.current());
            fails(() -> inner.backward(Var.of(x()).sum()), "this tape is closed");
        }
    }

    private static void fails(Executable call, String... parts) {
        String message = assertThrows(IllegalStateException.class, call).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' is missing in: " + message);
        }
    }
}
