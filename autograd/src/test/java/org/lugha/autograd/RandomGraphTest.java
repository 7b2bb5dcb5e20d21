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

    /**
     * Recomputing changes no bit of the value and of any gradient, whatever else uses its inputs.
     */
    @Property
    void recomputingChangesNoBit(@ForAll("programs") Program program, @ForAll long seed) {
        double[][] kept = results(program.keptWhole(), seed);
        double[][] recomputed = results(program, seed);
        for (int i = 0; i < kept.length; i++) {
            assertArrayEquals(kept[i], recomputed[i], 0, "result " + i);
        }
    }

    /**
     * The value and the gradients of three leaves, of which one is frozen; null where none came.
     */
    private static double[][] results(Program program, long seed) {
        Parameter[] leaves = new Parameter[3];
        for (int i = 0; i < leaves.length; i++) {
            leaves[i] = Parameter.of("p" + i, leaf(seed + i)).trainable(i != seed % 4);
        }
        double[][] out = new double[leaves.length + 1][];
        try (var _ = Tape.open()) {
            Var y = program.run(leaves[0].scale(0.5), leaves[1], leaves[2], leaves[0].softmax());
            out[leaves.length] = y.value().toArray();
            if (y.needsGradient()) {
                Tape.current().backward(y, leaf(seed + 3));
            }
            for (int i = 0; i < leaves.length; i++) {
                out[i] = leaves[i].hasGradient() ? leaves[i].gradient().toArray() : null;
            }
        } finally {
            for (Parameter p : leaves) {
                p.close();
            }
        }
        return out;
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
