package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class CrossEntropyTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(min = 0, max = 4) int n,
            @ForAll("extents") int words,
            @ForAll @DoubleRange(min = 0, max = 1) double smoothing,
            @ForAll long seed) {
        Var labels = Var.of(Tensors.ids(seed, words, n));
        CrossEntropy op = new CrossEntropy(0.3, smoothing);
        Gradients.check(v -> op.apply(v[0], labels), Tensors.randn(seed + 1, n, words));
        Gradients.check(
                v -> op.apply(v[0].scale(2), labels).scale(3), Tensors.randn(seed + 1, n, words));
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(min = 0, max = 5) int n,
            @ForAll @IntRange(min = 1, max = 40) int words,
            @ForAll @DoubleRange(min = 0, max = 1) double smoothing,
            @ForAll long seed) {
        CrossEntropy op = new CrossEntropy(0.3, smoothing);
        OpAssertions.assertSameOnAllDevices(
                v -> op.apply(v[0], v[1]),
                Tensors.randn(seed + 1, n, words),
                Tensors.ids(seed, words, n));
    }

    /** As PyTorch's cross_entropy with label_smoothing=0.2 and reduction="sum". */
    @Test
    void rowsThatDoNotCountAndSmoothing() {
        Var z = Var.of(Tensor.of(REFERENCE, Shape.of(2, 3), 1.0, 2.0, 4.0, 9.0, 8.0, 7.0));
        Var labels = Var.of(Tensor.of(REFERENCE, Shape.of(2), 1, -100));
        double lse = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(4));
        double expected = lse - 0.8 * 2 - 0.2 * 7 / 3;
        assertEquals(expected, new CrossEntropy(1, 0.2).apply(z, labels).item(), 1e-12);
    }

    /** The same loss and gradients as of an output layer in one with it. */
    @Test
    void agreesWithTheOutputLayer() {
        Var h = Var.of(Tensors.randn(1, 4, 5));
        Var w = Var.of(Tensors.randn(2, 7, 5));
        Var labels = Var.of(Tensors.ids(3, 7, 4));
        double inOne = new LinearCrossEntropy(0.5, 2).apply(h, w, labels).item();
        Var logits = new Linear(false).apply(h, w).softCap(2);
        assertEquals(inOne, new CrossEntropy(0.5, 0).apply(logits, labels).item(), 1e-12);
    }

    @Test
    void keepsWhatBackwardReads() {
        assertEquals(
                3 * 5 * 8 + 3 * 4 + 3 * 8,
                Gradients.saved(
                        v -> new CrossEntropy(1, 0).apply(v),
                        new boolean[] {true, false},
                        Tensors.randn(1, 3, 5),
                        Tensors.ids(2, 5, 3)),
                "logits, labels and lse");
    }

    @Test
    void wrongShapesAndLabelsAreNamed() {
        CrossEntropy op = new CrossEntropy(1, 0);
        Var z = Var.of(Tensors.randn(1, 2, 3));
        Var three = Var.of(Tensor.of(REFERENCE, Shape.of(3), 0, 1, 2));
        Var labels = Var.of(Tensor.of(REFERENCE, Shape.of(2), -1, 3));
        Gradients.rejects(
                () -> op.apply(z, three), "needs logits [N,V], labels [N]", "I32[3]@reference");
        Gradients.rejects(
                () -> op.apply(z, labels), "id 3 at index 1 is outside the 3 words of the logits");
        Gradients.rejects(
                () -> new CrossEntropy(1, 2).apply(z, labels), "needs a smoothing in [0, 1]");
    }
}
