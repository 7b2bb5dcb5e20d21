package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

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

class SequenceLogProbTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(min = 0, max = 3) int first,
            @ForAll @IntRange(min = 0, max = 3) int second,
            @ForAll("extents") int words,
            @ForAll("extents") int dim,
            @ForAll long seed) {
        int n = first + second;
        Tensor h = Tensors.randn(seed, n, dim);
        Tensor w = Tensors.randn(seed + 1, words, dim);
        Tensor labels = Tensors.ids(seed + 2, words, n);
        SequenceLogProb op = new SequenceLogProb(first, first, n);
        OpAssertions.assertGradient(op::apply, h, w, labels);
        OpAssertions.assertGradient(
                v -> new SequenceLogProb(new int[] {first, n}, 1.5).apply(v), h, w, labels);
        OpAssertions.assertGradient(
                v -> op.apply(v[0].scale(2), v[1].scale(2), v[2]).scale(3), h, w, labels);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(min = 0, max = 3) int first,
            @ForAll @IntRange(min = 0, max = 3) int second,
            @ForAll @IntRange(min = 2, max = 5) int words,
            @ForAll("extents") int dim,
            @ForAll long seed) {
        int n = first + second;
        OpAssertions.assertSameOnAllDevices(
                v -> new SequenceLogProb(first, first, n).apply(v),
                Tensors.randn(seed, n, dim),
                Tensors.randn(seed + 1, words, dim),
                Tensors.ids(seed + 2, words, n));
    }

    /** Both halves of DPO: the gradient of the policy's weights and of what they read. */
    @Property
    void preferenceEndToEnd(
            @ForAll @IntRange(min = 1, max = 3) int chosen,
            @ForAll @IntRange(min = 1, max = 3) int rejected,
            @ForAll long seed) {
        int n = chosen + rejected;
        Tensor x = Tensors.randn(seed, n, 3);
        Tensor hidden = Tensors.randn(seed + 1, 2, 3);
        Tensor w = Tensors.randn(seed + 2, 5, 2);
        Tensor labels = Tensors.ids(seed + 3, 5, n);
        Tensor reference = Tensors.randn(seed + 4, 2);
        OpAssertions.assertGradient(v -> preference(v, chosen, n), x, hidden, w, labels, reference);
    }

    private static Var preference(Var[] v, int chosen, int n) {
        Var policy = new SequenceLogProb(chosen, n).apply(v[0].linear(v[1]), v[2], v[3]);
        return new PreferenceLoss(0.5, 0.3, 0.1)
                .apply(
                        policy.slice(0, 0, 1),
                        policy.slice(0, 1, 2),
                        v[4].slice(0, 0, 1),
                        v[4].slice(0, 1, 2));
    }

    @Test
    void sumsOfWhatCrossEntropyGives() {
        Tensor h = Tensors.randn(1, 5, 3);
        Tensor w = Tensors.randn(2, 7, 3);
        Tensor labels = Tensors.ids(3, 7, 5);
        double[] y = new SequenceLogProb(2, 2, 5).apply(vars(h, w, labels)).value().toArray();
        LinearCrossEntropy loss = new LinearCrossEntropy(1);
        double first = loss.apply(vars(h.slice(0, 0, 2), w, labels.slice(0, 0, 2))).item();
        double last = loss.apply(vars(h.slice(0, 2, 5), w, labels.slice(0, 2, 5))).item();
        assertArrayEquals(new double[] {-first, 0, -last}, y, 1e-12);
    }

    @Test
    void valueOfTwoWords() {
        Tensor h = Tensor.of(REFERENCE, Shape.of(2, 1), 1.0, 2.0);
        Tensor w = Tensor.of(REFERENCE, Shape.of(2, 1), 0.0, 1.0);
        Tensor labels = Tensor.of(REFERENCE, Shape.of(2), 1, 0);
        double[] y = new SequenceLogProb(1, 2).apply(vars(h, w, labels)).value().toArray();
        double[] expected = {-Math.log1p(Math.exp(-1)), -Math.log1p(Math.exp(2))};
        assertArrayEquals(expected, y, 1e-12);
    }

    private static Var[] vars(Tensor... all) {
        Var[] v = new Var[all.length];
        for (int i = 0; i < v.length; i++) {
            v[i] = Var.of(all[i]);
        }
        return v;
    }

    @Test
    void noRowsGiveNoGradient() {
        try (Parameter w = Parameter.of("w", Tensors.randn(1, 3, 2));
                var _ = Tape.open()) {
            Var h = Var.of(Tensors.randn(1, 0, 2));
            Var y = new SequenceLogProb(0, 0).apply(h, w, Var.of(Tensors.ids(1, 3, 0)));
            assertArrayEquals(new double[2], y.value().toArray(), 1e-300);
            y.sum().backward();
            assertArrayEquals(new double[6], w.gradient().toArray(), 1e-300);
        }
    }

    @Test
    void keepsWhatBackwardReads() {
        long h = 2 * 5 * 8;
        long rest = 3 * 5 * 8 + 2 * 4 + 2 * 8;
        assertEquals(h, saved(true, false, false), "the finished gradient of h");
        assertEquals(h + rest, saved(false, true, false), "h, W, labels and lse");
        assertEquals(2 * h + rest, saved(true, true, false));
        assertEquals(0, saved(false, false, false));
    }

    private static long saved(boolean... wanted) {
        return Gradients.saved(
                v -> new SequenceLogProb(1, 2).apply(v),
                wanted,
                Tensors.randn(1, 2, 5),
                Tensors.randn(2, 3, 5),
                Tensors.ids(3, 3, 2));
    }

    @Test
    void equalOpsAreEqual() {
        SequenceLogProb op = new SequenceLogProb(1, 3);
        assertEquals(op, new SequenceLogProb(new int[] {1, 3}, 0));
        assertEquals(op.hashCode(), new SequenceLogProb(1, 3).hashCode());
        assertNotEquals(op, new SequenceLogProb(2, 3));
        assertEquals("SequenceLogProb[ends=[1, 3], softCap=0.0]", op.toString());
    }

    @Test
    void wrongShapesEndsAndLabelsAreNamed() {
        Tensor h = Tensors.randn(1, 2, 5);
        Tensor w = Tensors.randn(1, 3, 5);
        Tensor labels = Tensor.of(REFERENCE, Shape.of(2), 0, 1);
        SequenceLogProb op = new SequenceLogProb(1, 2);
        String expected =
                "SequenceLogProb[ends=[1, 2], softCap=0.0]: needs h [N,D], weight [V,D], labels [N],"
                        + " got F64[2, 5]@reference";
        Tensor narrow = Tensors.randn(1, 3, 4);
        Gradients.rejects(() -> op.apply(vars(h, narrow, labels)), expected, "F64[3, 4]@reference");
        Gradients.rejects(() -> op.apply(vars(h, w, Tensors.ids(1, 3, 3))), expected);
        for (int[] ends : new int[][] {{}, {1}, {2, 1}, {2, 1, 2}, {3}, {-1, 2}}) {
            Gradients.rejects(
                    () -> new SequenceLogProb(ends).apply(vars(h, w, labels)),
                    "needs ends that rise up to the rows of h");
        }
        Gradients.rejects(
                () -> new SequenceLogProb(new int[] {2}, -1).apply(vars(h, w, labels)),
                "needs a cap above 0, or 0 for none");
        Gradients.rejects(
                () -> op.apply(vars(h, w, Tensor.of(REFERENCE, Shape.of(2), 0, 3))),
                "id 3 at index 1 is outside the 3 words of the output layer");
    }
}
