package org.lugha.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.check.Failing;
import org.lugha.autograd.check.Program;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.FreedTensorException;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;

/** Who owns what between forward and backward. */
class MemoryTest implements Tensors {
    /** {@code y = 2 x} that needs x and does not keep it. */
    record Forgetful() implements Op {
        @Override
        public Tensor forward(Context ctx, Tensor... in) {
            return in[0].copy(in[0].dtype());
        }

        @Override
        public void backward(Context ctx, Tensor dy) {
            ctx.input(0).get(0);
        }
    }

    @Test
    void aFreedIntermediateIsNamedByItsScope() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 3));
                var _ = Tape.open()) {
            Var inner;
            try (var _ = Scope.open("GatedMlp")) {
                inner = p.scale(2);
            }
            FreedTensorException e = assertThrows(FreedTensorException.class, inner::sum);
            assertTrue(
                    e.getMessage()
                            .contains("created in scope 'GatedMlp' and freed when 'GatedMlp'"));
        }
    }

    @Test
    void aForgottenKeepIsFoundInBackward() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 3));
                var _ = Tape.open()) {
            Var y;
            try (Scope scope = Scope.open("layer")) {
                y = new Forgetful().apply(p.scale(2));
                scope.yield(y.value());
            }
            FreedTensorException e =
                    assertThrows(FreedTensorException.class, () -> y.sum().backward());
            assertTrue(e.getMessage().contains("created in scope 'layer'"), e.getMessage());
        }
    }

    /** Values, views of them and gradients under way: after the step all of them throw. */
    @Property
    void whatAStepMadeThrowsAfterIt(@ForAll("programs") Program program, @ForAll long seed) {
        List<Tensor> made = new ArrayList<>();
        UnaryOperator<Var> noted =
                v -> {
                    made.add(v.value());
                    return v;
                };
        try (Parameter p = Parameter.of("p", Tensors.randn(seed, 3, 3))) {
            try (Tape tape = Tape.open()) {
                Var x = noted.apply(p.scale(2));
                Var y = noted.apply(program.run(x, noted.apply(x.softmax())).add(x).add(p));
                made.add(y.value().transpose(0, 1));
                Tensor dy = Tensors.randn(seed, 3, 3);
                made.add(dy.slice(0, 1, 2));
                tape.backward(noted.apply(y.mul(x)), dy);
                assertTrue(p.gradient().storage().isAlive());
            }
            for (Tensor t : made) {
                assertThrows(FreedTensorException.class, () -> t.get(0));
                assertThrows(FreedTensorException.class, () -> t.set(0, 1));
                assertThrows(FreedTensorException.class, () -> t.copy(t.dtype()));
                assertThrows(FreedTensorException.class, () -> Var.of(t).scale(2));
                assertThrows(FreedTensorException.class, t.storage()::memory);
                assertThrows(FreedTensorException.class, t.storage()::retain);
            }
        }
    }

    @Property
    void aStepThatThrowsInTheMiddleLeaksNothing(
            @ForAll("programs") Program program, @ForAll boolean inForward, @ForAll long seed) {
        try (Parameter p = Parameter.of("p", Tensors.randn(seed, 3, 3));
                Parameter q = Parameter.of("q", Tensors.randn(seed, 3, 3))) {
            complete(program, p, q);
            long before = Tensors.live();
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> fail(program, inForward, p, q));
            assertEquals(inForward ? "forward fails" : "backward fails", e.getMessage());
            assertEquals(before, Tensors.live());
        }
    }

    private static void complete(Program program, Parameter p, Parameter q) {
        try (var _ = Tape.open()) {
            program.run(p, q).add(p).add(q).sum().backward();
        }
    }

    private static void fail(Program program, boolean inForward, Parameter p, Parameter q) {
        try (var _ = Tape.open()) {
            Var middle = program.run(p, q).add(p);
            try (Scope scope = Scope.open("layer")) {
                Var y = new Failing(inForward).apply(middle.softmax());
                scope.yield(y.value());
                program.run(y, p).add(y).sum().backward();
            }
        }
    }

    @Test
    void backwardLetsGoOfEachOpAsItPasses() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 8, 8));
                var _ = Tape.open()) {
            Var y = p.scale(1);
            for (int i = 0; i < 20; i++) {
                try (Scope layer = Scope.open("layer")) {
                    y = y.mul(y.softmax()).scale(1);
                    layer.yield(y.value());
                }
            }
            Var loss = y.sum();
            long before = Tensors.live();
            REFERENCE.memory().resetPeak();
            loss.backward();
            long grown = REFERENCE.memory().usage().peak() - before;
            assertTrue(
                    grown <= 5 * 64 * 8 + 8,
                    "gradients under way at one time: " + grown + " bytes");
            assertTrue(Tensors.live() < before, "what was saved is gone");
        }
    }

    @Test
    void aGradientThatPassesThroughIsNotCopied() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 3, 3));
                Tape tape = Tape.open()) {
            Var c = Var.of(Tensors.randn(2, 3, 3));
            Var y = p.scale(1);
            for (int i = 0; i < 10; i++) {
                y = y.add(c).view(9).view(3, 3);
            }
            Tensor dy = Tensors.randn(3, 3, 3);
            long before = REFERENCE.memory().usage().requests();
            tape.backward(y, dy);
            assertEquals(before, REFERENCE.memory().usage().requests());
            assertArrayEquals(dy.toArray(), p.gradient().toArray());
        }
    }

    @Test
    void aParameterOwnsItsValueAndGradient() {
        long before = Tensors.live();
        Parameter p;
        try (var _ = Scope.open("load")) {
            p = Parameter.of("p", Tensors.randn(1, 4));
        }
        assertEquals(before + 32, Tensors.live());
        try (var _ = Tape.open()) {
            p.sum().backward();
        }
        assertEquals(before + 64, Tensors.live());
        p.clearGradient();
        try (var _ = Tape.open()) {
            p.sum().backward();
        }
        assertEquals(before + 64, Tensors.live(), "one gradient for ever");
        try (var _ = Scope.open("load")) {
            p.bind(Tensors.randn(2, 4));
        }
        assertEquals(before + 64, Tensors.live());
        p.close();
        assertEquals(before, Tensors.live());
        assertThrows(IllegalStateException.class, p::value);
    }

    @Test
    void aParameterTakesOnlyWhatItDeclares() {
        try (Parameter p = Parameter.of("q_proj.weight", Tensors.randn(1, 2, 3))) {
            String message =
                    assertThrows(
                                    ShapeException.class,
                                    () -> p.bind(Tensors.randn(1, 3, 2).transpose(0, 1)))
                            .getMessage();
            assertTrue(
                    message.contains("bind: parameter q_proj.weight is declared [2, 3]"), message);
            assertThrows(
                    ShapeException.class,
                    () -> p.bind(Tensor.of(REFERENCE, Shape.of(2, 3), 1, 2, 3, 4, 5, 6)));
        }
    }
}
