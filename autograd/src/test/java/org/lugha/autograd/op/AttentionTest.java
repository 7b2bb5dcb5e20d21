package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

class AttentionTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 5) int queries,
            @ForAll @IntRange(min = 0, max = 3) int before,
            @ForAll @IntRange(min = 1, max = 2) int keyHeads,
            @ForAll @IntRange(min = 1, max = 3) int group,
            @ForAll @IntRange(min = 1, max = 3) int dim,
            @ForAll long seed) {
        Tensor q = Tensors.randn(seed, batch, queries, keyHeads * group, dim);
        Tensor k = Tensors.randn(seed + 1, batch, queries + before, keyHeads, dim);
        Tensor v = Tensors.randn(seed + 2, batch, queries + before, keyHeads, dim);
        Mask mask = masks(batch, queries, before, seed);
        Attention op = new Attention(scores(keyHeads * group, mask, seed >> 8));
        Gradients.check(x -> op.apply(x[0], x[1], x[2]), q, k, v);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll @IntRange(min = 1, max = 17) int queries,
            @ForAll @IntRange(min = 0, max = 17) int before,
            @ForAll @IntRange(min = 1, max = 2) int keyHeads,
            @ForAll @IntRange(min = 1, max = 3) int group,
            @ForAll @IntRange(min = 1, max = 33) int dim,
            @ForAll long seed) {
        Mask mask = masks(batch, queries, before, seed);
        Attention op = new Attention(scores(keyHeads * group, mask, seed >> 8));
        OpAssertions.assertSameOnAllDevices(
                x -> op.apply(x[0], x[1], x[2]),
                Tensors.randn(seed, batch, queries, keyHeads * group, dim),
                Tensors.randn(seed + 1, batch, queries + before, keyHeads, dim),
                Tensors.randn(seed + 2, batch, queries + before, keyHeads, dim));
    }

    @Property
    void gradientOfOneVarAsQueryKeyAndValue(
            @ForAll("extents") int length,
            @ForAll @IntRange(min = 1, max = 3) int dim,
            @ForAll long seed) {
        Tensor x = Tensors.randn(seed, 1, length, 2, dim);
        Attention op = new Attention(1, Mask.causal());
        Gradients.check(v -> op.apply(v[0], v[0], v[0]), x);
        Gradients.check(v -> self(op, v[0].scale(0.5)), x);
    }

    private static Var self(Attention op, Var x) {
        return op.apply(x, x, x);
    }

    /** Plain, with a soft cap, with ALiBi, with both. */
    private static Scores scores(int heads, Mask mask, long seed) {
        Scores plain = Scores.scaled(0.7, mask);
        float[] slopes = Scores.alibiSlopes(heads);
        return switch ((int) Math.floorMod(seed, 4L)) {
            case 0 -> plain;
            case 1 -> plain.withSoftCap(0.9);
            case 2 -> plain.withSlopes(slopes);
            default -> plain.withSoftCap(2).withSlopes(slopes);
        };
    }

    /** Full, causal behind a cache, a window, packed examples, padding that sees nothing. */
    private static Mask masks(int batch, int queries, int before, long seed) {
        return switch ((int) Math.floorMod(seed, 5L)) {
            case 0 -> Mask.full();
            case 1 -> Mask.causal().withOffset(before);
            case 2 -> Mask.causal().withOffset(before).withWindow(2);
            case 3 -> segments(batch, queries, (queries + 1) / 2, queries).withOffset(0);
            default -> segments(batch, queries, queries - 1, queries - 1);
        };
    }

    /** Two segments; queries from {@code stop} on see no key. */
    private static Mask segments(int batch, int queries, int cut, int stop) {
        int[][] first = new int[batch][queries];
        int[][] end = new int[batch][queries];
        for (int b = 0; b < batch; b++) {
            for (int t = 0; t < stop; t++) {
                first[b][t] = t < cut ? 0 : cut;
                end[b][t] = t < cut ? cut : stop;
            }
        }
        return (batch == 1 ? Mask.causal() : Mask.full()).withSegments(first, end);
    }

    @Test
    void keepsNothingWhenAllIsFrozen() {
        assertEquals(0, saved(false, false, false));
        assertEquals(
                (12 + 6 + 6 + 6) * 8, saved(true, false, false), "q, k, v and one number a row");
    }

    private static long saved(boolean... wanted) {
        return Gradients.saved(
                v -> new Attention(1, Mask.causal()).apply(v),
                wanted,
                Tensors.randn(1, 1, 3, 2, 2),
                Tensors.randn(2, 1, 3, 1, 2),
                Tensors.randn(3, 1, 3, 1, 2));
    }

    @Test
    void wrongShapesAreNamed() {
        Attention op = new Attention(1, Mask.causal());
        Var q = Var.of(Tensors.randn(1, 1, 3, 3, 2));
        Var k = Var.of(Tensors.randn(1, 1, 3, 2, 2));
        Var v = Var.of(Tensors.randn(1, 1, 4, 2, 2));
        Var flat = Var.of(Tensors.randn(1, 3, 4));
        String expected =
                "Attention[scores=scale 1.0 causal]: needs q [B,T,H,D], k and v [B,S,G,D] with H a multiple of G, got ";
        Gradients.rejects(() -> op.apply(q, k, k), expected, "F64[1, 3, 3, 2]@reference");
        Gradients.rejects(() -> op.apply(k, k, v), expected, "F64[1, 4, 2, 2]@reference");
        Gradients.rejects(() -> op.apply(flat, flat, flat), expected, "F64[3, 4]@reference");
        Mask two = Mask.full().withSegments(new int[2][3], new int[2][3]);
        Gradients.rejects(
                () -> new Attention(1, two).apply(k, k, k), "needs segments [B][T] of the queries");
        Scores three = Scores.scaled(1, Mask.full()).withSlopes(1, 2, 3);
        Gradients.rejects(
                () -> new Attention(three).apply(k, k, k), "needs one slope a query head");
    }
}
