package org.lugha.autograd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Program;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.Tensor;

/**
 * Gradients that are shared, taken over, copied on write and added up in expressions with reuse.
 */
class RandomGraphTest implements Tensors {
    @Property
    void gradientMatchesCentralDifferences(@ForAll("programs") Program program, @ForAll long seed) {
        Gradients.check(program::run, leaf(seed), leaf(seed + 1), leaf(seed + 2));
    }

    @Property
    void gradientsOfTheRestDoNotDependOnWhatIsFrozen(
            @ForAll("programs") Program program, @ForAll long seed) {
        Tensor a = leaf(seed);
        Tensor b = leaf(seed + 1);
        GradCheck.Report r =
                GradCheck.report(v -> program.run(v[0], Var.of(b), v[0], v[0].scale(2)), a);
        assertTrue(r.error() < 1e-6, r::toString);
    }

    /** The tensor handed to backward is taken over by the graph and must come out as it was. */
    @Property
    void theGradientHandedInIsNeverWritten(@ForAll("programs") Program program, @ForAll long seed) {
        Tensor dy = leaf(seed + 3);
        double[] before = dy.toArray();
        try (Parameter p = Parameter.of("p", leaf(seed));
                var _ = Tape.open()) {
            Tape.current().backward(program.run(p, p.scale(2)), dy);
            assertTrue(p.hasGradient());
        }
        assertArrayEquals(before, dy.toArray(), 0);
    }

    private static Tensor leaf(long seed) {
        return Tensors.randn(seed, 3, 3);
    }
}
