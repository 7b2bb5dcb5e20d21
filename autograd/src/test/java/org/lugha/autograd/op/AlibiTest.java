package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.function.Function;
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

    /** Value and gradients of attention out of parts are those of the fused one. */
    @Property
    void fusedAttentionIsTheSame(
            @ForAll @IntRange(min = 1, max = 4) int queries,
            @ForAll @IntRange(min = 0, max = 3) int before,
            @ForAll long seed) {
        float[] slopes = Scores.alibiSlopes(3);
        Scores scores = Scores.scaled(0.7, Mask.full().withOffset(before)).withSlopes(slopes);
        Tensor[] in = {
            Tensors.randn(seed, 2, queries, 3, 2),
            Tensors.randn(seed + 1, 2, queries + before, 3, 2),
            Tensors.randn(seed + 2, 2, queries + before, 3, 2)
        };
        double[][] fused = run(new Attention(scores)::apply, in);
        double[][] apart = run(v -> apart(new Alibi(slopes, before), v), in);
        for (int i = 0; i < fused.length; i++) {
            assertArrayEquals(fused[i], apart[i], 1e-12);
        }
    }

    private static Var apart(Alibi alibi, Var... v) {
        Var scores = heads(v[0]).matmul(heads(v[1]), false, true).scale(0.7);
        return alibi.apply(scores).softmax().matmul(heads(v[2])).transpose(1, 2);
    }

    /** {@code [B,H,T,D]}. */
    private static Var heads(Var x) {
        return x.transpose(1, 2);
    }

    /** The value and the gradients of its sum of squares. */
    private static double[][] run(Function<Var[], Var> f, Tensor... in) {
        Parameter[] p = new Parameter[in.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = Parameter.of("input " + i, in[i]);
        }
        double[][] all = new double[1 + p.length][];
        try (var _ = Tape.open()) {
            Var y = f.apply(p);
            all[0] = y.value().toArray();
            y.mul(y).sum().backward();
            for (int i = 0; i < p.length; i++) {
                all[i + 1] = p[i].gradient().toArray();
                p[i].close();
            }
        }
        return all;
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
