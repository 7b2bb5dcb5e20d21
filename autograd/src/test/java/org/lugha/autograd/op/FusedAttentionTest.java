package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

class FusedAttentionTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 4) int length,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 3) int dim,
            @ForAll @IntRange(min = 2, max = 3) int axis,
            @ForAll long seed) {
        var op = new FusedAttention(scores(batch, length, heads, seed), axis);
        Gradients.check(x -> op.apply(x[0]), qkv(seed, axis, batch, length, heads, dim));
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 19) int length,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 33) int dim,
            @ForAll @IntRange(min = 2, max = 3) int axis,
            @ForAll long seed) {
        var op = new FusedAttention(scores(batch, length, heads, seed), axis);
        OpAssertions.assertSameOnAllDevices(
                x -> op.apply(x[0]), qkv(seed, axis, batch, length, heads, dim));
    }

    @Property
    void isAttentionOfItsParts(
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 5) int length,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 2, max = 3) int axis,
            @ForAll long seed) {
        Scores scores = scores(batch, length, heads, seed);
        Tensor x = qkv(seed, axis, batch, length, heads, 2);
        Var[] parts = new Var[3];
        for (int i = 0; i < 3; i++) {
            parts[i] = Var.of(x.select(axis, i).contiguous());
        }
        assertArrayEquals(
                new Attention(scores).apply(parts).value().toArray(),
                new FusedAttention(scores, axis).apply(Var.of(x)).value().toArray());
    }

    @Test
    void keepsWhatBackwardReadsAndNoParts() {
        Scores causal = Scores.scaled(1, Mask.causal());
        assertEquals(
                (36 + 6) * 8,
                Gradients.saved(
                        v -> new FusedAttention(causal, 2).apply(v[0]),
                        new boolean[] {true},
                        Tensors.randn(1, 1, 3, 3, 2, 2)),
                "q, k and v, and one number a row");
    }

    @Test
    void wrongShapesAreNamed() {
        Scores causal = Scores.scaled(1, Mask.causal());
        Var gpt = Var.of(Tensors.randn(1, 1, 4, 3, 2, 5));
        Var bloom = Var.of(Tensors.randn(1, 1, 4, 2, 3, 5));
        Gradients.rejects(
                () -> new FusedAttention(causal, 2).apply(bloom),
                "needs q, k and v as [B,T,3,H,D], got F64[1, 4, 2, 3, 5]@reference");
        Gradients.rejects(
                () -> new FusedAttention(causal, 3).apply(gpt),
                "needs q, k and v as [B,T,H,3,D], got F64[1, 4, 3, 2, 5]@reference");
        Gradients.rejects(
                () -> new FusedAttention(causal.withSlopes(1, 2, 3), 2).apply(gpt),
                "needs one slope a head");
        Scores two = causal.withMask(Mask.full().withSegments(new int[2][4], new int[2][4]));
        Gradients.rejects(() -> new FusedAttention(two, 2).apply(gpt), "needs segments [B][T]");
        assertThrows(IllegalArgumentException.class, () -> new FusedAttention(causal, 1));
    }

    private static Tensor qkv(long seed, int axis, int batch, int length, int heads, int dim) {
        return axis == 2
                ? Tensors.randn(seed, batch, length, 3, heads, dim)
                : Tensors.randn(seed, batch, length, heads, 3, dim);
    }

    /** Causal or whole rows or two segments a row, with or without ALiBi. */
    private static Scores scores(int batch, int length, int heads, long seed) {
        int cut = (length + 1) / 2;
        int[][] first = new int[batch][length];
        int[][] end = new int[batch][length];
        for (int b = 0; b < batch; b++) {
            for (int t = 0; t < length; t++) {
                first[b][t] = t < cut ? 0 : cut;
                end[b][t] = t < cut ? cut : length;
            }
        }
        Mask mask =
                switch ((int) Math.floorMod(seed, 3L)) {
                    case 0 -> Mask.full();
                    case 1 -> Mask.causal();
                    default -> Mask.causal().withSegments(first, end);
                };
        Scores plain = Scores.scaled(0.7, mask);
        return (seed & 8) == 0 ? plain : plain.withSlopes(Scores.alibiSlopes(heads));
    }
}
