package org.lugha.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.check.Failing;
import org.lugha.autograd.check.Program;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.FreedTensorException;
import org.lugha.runtime.Scope;

/** Who owns what when bodies run twice. */
class RecomputeMemoryTest implements Tensors {
    /** When a body fails: the first time, the second, or in the backward of its ops. */
    enum When {
        FORWARD,
        RECOMPUTATION,
        BACKWARD
    }

    @Property
    void aRecomputationThatThrowsLeaksNothing(
            @ForAll("programs") Program program, @ForAll When when, @ForAll long seed) {
        try (Parameter p = Parameter.of("p", Tensors.randn(seed, 3, 3));
                Parameter q = Parameter.of("q", Tensors.randn(seed, 3, 3))) {
            complete(program, p, q);
            long before = Tensors.live();
            IllegalStateException e =
                    assertThrows(IllegalStateException.class, () -> recompute(program, when, p, q));
            assertEquals(
                    when == When.BACKWARD ? "backward fails" : "forward fails", e.getMessage());
            assertEquals(before, Tensors.live());
            complete(program, p, q);
            assertEquals(before, Tensors.live());
        }
    }

    private static void complete(Program program, Parameter p, Parameter q) {
        try (var _ = Tape.open()) {
            program.run(p, q).add(p).add(q).sum().backward();
        }
    }

    private static void recompute(Program program, When when, Parameter p, Parameter q) {
        int[] runs = {0};
        Function<Var[], Var> body =
                in -> {
                    Var y = program.run(in).softmax();
                    boolean now = ++runs[0] == (when == When.FORWARD ? 1 : 2);
                    return when == When.BACKWARD || now
                            ? new Failing(when != When.BACKWARD).apply(y)
                            : y.scale(1);
                };
        try (var _ = Tape.open()) {
            Var middle = program.run(p, q).add(p);
            Var y = new Recompute("block", body).apply(middle, p, q).add(middle);
            program.run(y, p).add(y).sum().backward();
        }
    }

    /** As a model's blocks do: with recomputation only one is held whole at a time. */
    @Test
    void aDeepStackThatIsRecomputedNeedsTheMemoryOfOneBlock() {
        int blocks = 12;
        long kept = peak(blocks, false);
        long recomputed = peak(blocks, true);
        long one = peak(1, false);
        long input = 64 * 8 + 8;
        assertTrue(
                recomputed <= one + (blocks + 2) * input,
                () -> recomputed + " bytes, one block " + one + ", all of them " + kept);
        assertTrue(3 * recomputed < kept, () -> recomputed + " of " + kept + " bytes");
    }

    /** Bytes of a step beside its parameter and that one's gradient. */
    private static long peak(int blocks, boolean recompute) {
        Function<Var[], Var> block =
                in -> {
                    Var y = in[0];
                    for (int i = 0; i < 5; i++) {
                        y = y.linear(in[1]).softmax().mul(y);
                    }
                    return y.add(in[0]);
                };
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 8, 8))) {
            p.reserveGradient();
            long before = Tensors.live();
            REFERENCE.memory().resetPeak();
            try (var _ = Tape.open()) {
                Var y = p.scale(1);
                for (int i = 0; i < blocks; i++) {
                    try (Scope layer = Scope.open("layer")) {
                        y =
                                recompute
                                        ? new Recompute("block", block).apply(y, p)
                                        : block.apply(new Var[] {y, p});
                        layer.yield(y.value());
                    }
                }
                y.sum().backward();
            }
            return REFERENCE.memory().usage().peak() - before;
        }
    }

    /** What a body captures instead of taking it as an input may be gone when it runs again. */
    @Test
    void aCapturedIntermediateThatDiedIsNamed() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 3, 3));
                var _ = Tape.open()) {
            Var y;
            try (Scope scope = Scope.open("GatedMlp")) {
                Var captured = p.scale(2);
                y = new Recompute("block", in -> in[0].mul(captured)).apply(p);
                scope.yield(y.value());
            }
            FreedTensorException e =
                    assertThrows(FreedTensorException.class, () -> y.sum().backward());
            assertTrue(e.getMessage().contains("created in scope 'GatedMlp'"), e.getMessage());
        }
    }
}
