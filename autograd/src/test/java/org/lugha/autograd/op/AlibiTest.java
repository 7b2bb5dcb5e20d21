package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

class AlibiTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 4) int queries,
            @ForAll @IntRange(min = 0, max = 3) int before,
            @ForAll long seed) {
        Tensor x = Tensors.randn(seed, batch, heads, queries, queries + before);
        Alibi op = new Alibi(Scores.alibiSlopes(heads), before);
        OpAssertions.assertGradient(op::apply, x);
        OpAssertions.assertGradient(v -> op.apply(v[0].scale(2)).softmax(), x);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 4) int queries,
            @ForAll @IntRange(min = 0, max = 3) int before,
            @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> new Alibi(Scores.alibiSlopes(heads), before).apply(v),
                Tensors.randn(seed, batch, heads, queries, queries + before));
    }

    @Test
    void valuesOfTwoHeads() {
        Var x = Var.of(Tensor.full(REFERENCE, DType.F64, Shape.of(1, 2, 2, 3), 1));
        double[] y = new Alibi(new float[] {0.5f, 2}, 1).apply(x).value().toArray();
        assertArrayEquals(
                new double[] {0.5, 1, 1.5, 0, 0.5, 1, -1, 1, 3, -3, -1, 1}, y, "keys at 0 to 2");
        assertArrayEquals(
                new double[] {1, 1.5, 2, 0.5, 1, 1.5, 1, 3, 5, -1, 1, 3},
                x.alibi(0.5f, 2).value().toArray());
    }

    @Property
    void fusedAttentionScoresTheSame(
            @ForAll @IntRange(min = 1, max = 4) int queries,
            @ForAll @IntRange(min = 0, max = 3) int before,
            @ForAll long seed) {
        int keys = queries + before;
        float[] slopes = Scores.alibiSlopes(3);
        Scores scores = Scores.scaled(0.7, Mask.full().withOffset(before)).withSlopes(slopes);
        Tensor q = Tensors.randn(seed, 1, queries, 3, 2);
        Tensor k = Tensors.randn(seed + 1, 1, keys, 3, 2);
        Tensor v = Tensors.randn(seed + 2, 1, keys, 3, 2);
        double[] fused =
                new Attention(scores).apply(Var.of(q), Var.of(k), Var.of(v)).value().toArray();
        Tensor raw =
                Tensor.generate(
                        REFERENCE, q.dtype(), Shape.of(1, 3, queries, keys), i -> dot(q, k, i));
        Tensor p = new Alibi(slopes, before).apply(Var.of(raw)).softmax().value();
        double[] apart = new double[fused.length];
        for (int i = 0; i < apart.length; i++) {
            int head = i / 2 % 3;
            for (int s = 0; s < keys; s++) {
                double share = p.get(((long) head * queries + i / 6) * keys + s);
                apart[i] += share * v.get((s * 3 + head) * 2 + i % 2);
            }
        }
        assertArrayEquals(fused, apart, 1e-12);
    }

    private static double dot(Tensor q, Tensor k, long i) {
        int keys = k.dim(1);
        int head = (int) (i / keys / q.dim(1));
        long at = (i / keys % q.dim(1) * 3 + head) * 2;
        long to = (i % keys * 3 + head) * 2;
        return 0.7 * (q.get(at) * k.get(to) + q.get(at + 1) * k.get(to + 1));
    }

    @Test
    void keepsNothing() {
        assertEquals(
                0,
                Gradients.saved(
                        v -> v[0].alibi(1, 2), new boolean[] {true}, Tensors.randn(1, 1, 2, 3, 4)));
    }

    @Test
    void equalOpsAreEqual() {
        assertEquals(new Alibi(1, 0.5f), new Alibi(new float[] {1, 0.5f}, 0));
        assertEquals(new Alibi(1, 0.5f).hashCode(), new Alibi(1, 0.5f).hashCode());
        assertNotEquals(new Alibi(1, 0.5f), new Alibi(new float[] {1, 0.5f}, 1));
    }

    @Test
    void wrongShapesAreNamed() {
        Gradients.rejects(
                () -> Var.of(Tensors.randn(1, 2, 3, 4)).alibi(1, 2),
                "Alibi[slopes=[1.0, 2.0], offset=0]: needs scores [B,H,T,S] of 2 heads, got"
                        + " F64[2, 3, 4]@reference");
        Gradients.rejects(
                () -> Var.of(Tensors.randn(1, 1, 3, 4, 4)).alibi(1, 2),
                "F64[1, 3, 4, 4]@reference");
    }
}
