package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class LinearCrossEntropyTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(min = 0, max = 4) int n,
            @ForAll("extents") int words,
            @ForAll("extents") int dim,
            @ForAll long seed) {
        Var labels = Var.of(Tensors.ids(seed, words, n));
        LinearCrossEntropy op = new LinearCrossEntropy(0.3);
        Tensor h = Tensors.randn(seed + 1, n, dim);
        Tensor w = Tensors.randn(seed + 2, words, dim);
        Gradients.check(v -> op.apply(v[0], v[1], labels), h, w);
        LinearCrossEntropy capped = new LinearCrossEntropy(0.3, 1.5);
        Gradients.check(v -> capped.apply(v[0], v[1], labels), h, w);
        Gradients.check(v -> op.apply(v[0].scale(2), v[1].scale(2), labels).scale(3), h, w);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(min = 0, max = 5) int n,
            @ForAll @IntRange(min = 1, max = 40) int words,
            @ForAll @IntRange(min = 1, max = 40) int dim,
            @ForAll boolean isCapped,
            @ForAll long seed) {
        LinearCrossEntropy op = new LinearCrossEntropy(0.3, isCapped ? 1.5 : 0);
        OpAssertions.assertSameOnAllDevices(
                v -> op.apply(v[0], v[1], v[2]),
                Tensors.randn(seed + 1, n, dim),
                Tensors.randn(seed + 2, words, dim),
                Tensors.ids(seed, words, n));
    }

    @Test
    void valueOfTwoWords() {
        Var h = Var.of(Tensor.of(REFERENCE, Shape.of(2, 1), 1.0, 2.0));
        Var w = Var.of(Tensor.of(REFERENCE, Shape.of(2, 1), 0.0, 1.0));
        Var labels = Var.of(Tensor.of(REFERENCE, Shape.of(2), 1, 0));
        double expected = Math.log1p(Math.exp(-1)) + Math.log1p(Math.exp(2));
        assertEquals(expected / 2, new LinearCrossEntropy(0.5).apply(h, w, labels).item(), 1e-12);
    }

    @Test
    void noCountedTokenGivesNoLossAndNoGradient() {
        try (Parameter w = Parameter.of("w", Tensors.randn(1, 3, 2));
                Parameter h = Parameter.of("h", Tensors.randn(1, 0, 2));
                var _ = Tape.open()) {
            Var loss = new LinearCrossEntropy(1).apply(h, w, Var.of(Tensors.ids(1, 3, 0)));
            assertEquals(0, loss.item());
            loss.backward();
            assertArrayEquals(new double[6], w.gradient().toArray());
        }
    }

    @Test
    void keepsWhatBackwardReads() {
        long h = 2 * 5 * 8;
        long w = 3 * 5 * 8;
        long labels = 2 * 4;
        long lse = 2 * 8;
        assertEquals(h, saved(true, false, false), "the finished gradient of h");
        assertEquals(h + w + labels + lse, saved(false, true, false));
        assertEquals(2 * h + w + labels + lse, saved(true, true, false));
        assertEquals(0, saved(false, false, false));
    }

    private static long saved(boolean... wanted) {
        return Gradients.saved(
                v -> new LinearCrossEntropy(1).apply(v),
                wanted,
                Tensors.randn(1, 2, 5),
                Tensors.randn(2, 3, 5),
                Tensors.ids(3, 3, 2));
    }

    @Test
    void wrongShapesAndLabelsAreNamed() {
        LinearCrossEntropy op = new LinearCrossEntropy(1);
        Var h = Var.of(Tensors.randn(1, 2, 5));
        Var w = Var.of(Tensors.randn(1, 3, 5));
        Var narrow = Var.of(Tensors.randn(1, 3, 4));
        Var labels = Var.of(Tensor.of(REFERENCE, Shape.of(2), 0, 3));
        Var three = Var.of(Tensor.of(REFERENCE, Shape.of(3), 0, 1, 2));
        String expected =
                "LinearCrossEntropy[scale=1.0, softCap=0.0]: needs h [N,D], weight [V,D], labels [N], got F64[2, 5]@reference";
        Gradients.rejects(() -> op.apply(h, narrow, labels), expected, "F64[3, 4]@reference");
        Gradients.rejects(() -> op.apply(h, w, three), expected, "I32[3]@reference");
        Gradients.rejects(
                () -> new LinearCrossEntropy(1, -1).apply(h, w, labels),
                "needs a cap above 0, or 0 for none");
        Gradients.rejects(
                () -> op.apply(h, w, labels),
                "id 3 at index 1 is outside the 3 words of the output layer");
    }
}
