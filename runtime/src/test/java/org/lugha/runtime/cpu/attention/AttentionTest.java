package org.lugha.runtime.cpu.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

class AttentionTest {
    private static final int HEADS = 4;
    private static final int GROUPS = 2;
    private static final int WIDTH = 24;

    private final Device cpu = Devices.get("cpu");

    /** Outputs and gradients of one call. */
    private record Results(double[] y, double[] dq, double[] dk, double[] dv) {}

    /** A query never sees another example: packed ones give what each gives alone. */
    @Test
    void packed_examples_do_not_meet() {
        int[] lengths = {1, 70, 33, 64, 5, 130};
        int total = 303;
        int[][] first = new int[1][total];
        int[][] end = new int[1][total];
        for (int i = 0, at = 0; i < lengths.length; at += lengths[i++]) {
            for (int t = at; t < at + lengths[i]; t++) {
                first[0][t] = at;
                end[0][t] = at + lengths[i];
            }
        }
        try (var _ = Scope.open("packed")) {
            Tensor q = random(1, total, HEADS);
            Tensor k = random(2, total, GROUPS);
            Tensor v = random(3, total, GROUPS);
            Tensor dy = random(4, total, HEADS);
            Scores alone = Scores.scaled(0.3, Mask.causal()).withSoftCap(2).withSlopes(slopes());
            Scores packed = alone.withMask(Mask.causal().withSegments(first, end));
            Results all = attend(q, k, v, dy, packed);
            for (int i = 0, at = 0; i < lengths.length; at += lengths[i++]) {
                int to = at + lengths[i];
                Results one =
                        attend(
                                q.slice(1, at, to),
                                k.slice(1, at, to),
                                v.slice(1, at, to),
                                dy.slice(1, at, to),
                                alone);
                assertPart(one.y(), all.y(), at * HEADS);
                assertPart(one.dq(), all.dq(), at * HEADS);
                assertPart(one.dk(), all.dk(), at * GROUPS);
                assertPart(one.dv(), all.dv(), at * GROUPS);
            }
        }
    }

    private static void assertPart(double[] one, double[] all, int row) {
        double[] part = new double[one.length];
        System.arraycopy(all, row * WIDTH, part, 0, part.length);
        assertArrayEquals(one, part, 2e-6);
    }

    /** Scores of ten thousand and more: a softmax that picks one key, and nothing is NaN. */
    @Test
    void very_large_scores() {
        try (var _ = Scope.open("large")) {
            for (int queries : new int[] {1, 70}) {
                Tensor q = full(1, queries, HEADS, 100);
                Tensor k =
                        Tensor.generate(
                                cpu,
                                DType.F32,
                                Shape.of(1, 70, GROUPS, WIDTH),
                                i -> i / (GROUPS * WIDTH) == 13 ? 100 : -100);
                Tensor v = random(3, 70, GROUPS);
                Tensor dy = random(4, queries, HEADS);
                Results r = attend(q, k, v, dy, Scores.scaled(1, Mask.full()));
                for (int i = 0; i < r.y().length; i++) {
                    int g = i / WIDTH % HEADS / 2;
                    assertEquals(v.get((13 * GROUPS + g) * WIDTH + i % WIDTH), r.y()[i], 1e-6);
                }
                assertArrayEquals(new double[r.dq().length], r.dq(), 1e-3);
            }
        }
    }

    /** One token, a few, and several blocks take different paths. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 70})
    void a_number_that_is_none_is_not_hidden(int length) {
        try (var _ = Scope.open("nan")) {
            Tensor q = random(1, length, HEADS);
            q.set(q.count() - 1, Double.NaN); // the last head of the last query
            Tensor k = random(2, length, GROUPS);
            Tensor dy = random(4, length, HEADS);
            double[] y = attend(q, k, k, dy, Scores.scaled(0.3, Mask.causal())).y();
            int wrong = y.length - WIDTH;
            for (int i = 0; i < y.length; i++) {
                assertEquals(i >= wrong, Double.isNaN(y[i]), "element " + i);
            }
        }
    }

    /** Every score is -infinity: such a query gives 0, like one that sees nothing. */
    @Test
    void no_score_is_finite() {
        try (var _ = Scope.open("infinite")) {
            for (String device : new String[] {"cpu", "reference"}) {
                for (int queries : new int[] {1, 9}) {
                    Device d = Devices.get(device);
                    Tensor q = full(1, queries, HEADS, 1).to(d);
                    Tensor k = full(1, 9, GROUPS, Double.NEGATIVE_INFINITY).to(d);
                    Tensor v = random(3, 9, GROUPS).to(d);
                    Tensor y = q.emptyLike();
                    Tensor lse = Tensor.empty(d, DType.F32, Shape.of(1, HEADS, queries));
                    d.kernels()
                            .attention()
                            .forward(
                                    q,
                                    k,
                                    v,
                                    Scores.scaled(1, Mask.full()),
                                    Into.overwrite(y),
                                    Into.overwrite(lse));
                    assertArrayEquals(new double[queries * HEADS * WIDTH], y.toArray());
                    assertEquals(Double.NEGATIVE_INFINITY, lse.get(0));
                }
            }
        }
    }

    private Results attend(Tensor q, Tensor k, Tensor v, Tensor dy, Scores scores) {
        Tensor y = q.emptyLike();
        Tensor lse = Tensor.empty(cpu, DType.F32, Shape.of(1, HEADS, q.dim(1)));
        Tensor dq = q.emptyLike();
        Tensor dk = k.emptyLike();
        Tensor dv = v.emptyLike();
        var kernel = cpu.kernels().attention();
        kernel.forward(q, k, v, scores, Into.overwrite(y), Into.overwrite(lse));
        kernel.backward(
                q,
                k,
                v,
                scores,
                y,
                lse,
                dy,
                Into.overwrite(dq),
                Into.overwrite(dk),
                Into.overwrite(dv));
        return new Results(y.toArray(), dq.toArray(), dk.toArray(), dv.toArray());
    }

    private static float[] slopes() {
        return Scores.alibiSlopes(HEADS);
    }

    private Tensor random(int seed, int length, int heads) {
        return Tensor.randn(cpu, DType.F32, Shape.of(1, length, heads, WIDTH), seed);
    }

    private Tensor full(int batch, int length, int heads, double value) {
        return Tensor.generate(cpu, DType.F32, Shape.of(batch, length, heads, WIDTH), _ -> value);
    }
}
