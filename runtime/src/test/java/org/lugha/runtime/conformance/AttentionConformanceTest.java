package org.lugha.runtime.conformance;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AttentionKernel;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

@Family(AttentionKernel.class)
record AttentionConformanceTest(Rig rig) {
    private static final int[] WIDTHS = {1, 3, 16, 24, 64, 80, 128};

    /**
     * @param groups heads of keys and values
     */
    private record Size(int batch, int queries, int keys, int heads, int groups, int width) {}

    @Test
    @Covers({"forward", "backward"})
    void widths() {
        for (int d : WIDTHS) {
            for (int length : new int[] {1, 3, 17, 33, 100}) {
                attend(new Size(2, length, length, 2, 1, d), Mask.causal(), DType.F32);
                attend(new Size(1, length, length, 3, 3, d), Mask.full(), DType.F32);
            }
        }
    }

    @Test
    @Covers({"forward", "backward"})
    void lengths() {
        for (int length : new int[] {1, 2, 7, 8, 13, 16, 31, 63, 64, 65, 127, 129, 207}) {
            attend(new Size(1, length, length, 2, 2, 24), Mask.causal(), DType.F32);
        }
        attend(new Size(1, 0, 5, 2, 2, 16), Mask.full(), DType.F32);
        attend(new Size(1, 1023, 1023, 1, 1, 16), Mask.causal(), DType.F32);
    }

    @Test
    @Covers({"forward", "backward"})
    void grouped_heads() {
        for (int groups : new int[] {1, 2, 7, 14}) {
            attend(new Size(2, 37, 37, 14, groups, 16), Mask.causal(), DType.F32);
        }
    }

    @Test
    @Covers({"forward", "backward"})
    void windows() {
        for (int window : new int[] {1, 2, 7, 16, 64, 1000}) {
            attend(new Size(1, 130, 130, 2, 1, 24), Mask.causal().withWindow(window), DType.F32);
        }
    }

    /** What lies before the queries in a cache. */
    @Test
    @Covers({"forward", "backward"})
    void offsets() {
        for (int keys : new int[] {1, 2, 17, 100, 257}) {
            attend(new Size(2, 1, keys, 4, 2, 64), Mask.causal().withOffset(keys - 1), DType.F32);
        }
        attend(new Size(1, 13, 50, 2, 2, 16), Mask.causal().withOffset(37), DType.F32);
        attend(
                new Size(1, 13, 50, 2, 2, 16),
                Mask.causal().withOffset(37).withWindow(9),
                DType.F32);
        // room for keys to come: they must not be seen
        attend(new Size(1, 5, 64, 2, 2, 16), Mask.causal().withOffset(20), DType.F32);
    }

    @Test
    @Covers({"forward", "backward"})
    void segments() {
        int[] lengths = {1, 16, 5, 40, 33, 2, 31};
        int total = 128;
        int[][] first = new int[2][total];
        int[][] end = new int[2][total];
        for (int b = 0; b < 2; b++) {
            int at = 0;
            for (int i = 0; i < lengths.length; i++) {
                int length = lengths[(i + b) % lengths.length];
                for (int t = at; t < at + length; t++) {
                    first[b][t] = at;
                    end[b][t] = at + length;
                }
                at += length;
            }
        }
        Size size = new Size(2, total, total, 4, 2, 16);
        attend(size, Mask.causal().withSegments(first, end), DType.F32);
        attend(size, Mask.full().withSegments(first, end), DType.F32);
        attend(size, Mask.causal().withSegments(first, end).withWindow(7), DType.F32);
    }

    /** Padding: such a query gives 0, and no NaN reaches any gradient. */
    @Test
    @Covers({"forward", "backward"})
    void queries_that_see_nothing() {
        int total = 70;
        int[][] first = new int[2][total];
        int[][] end = new int[2][total];
        for (int t = 0; t < total; t++) {
            end[0][t] = t < 11 ? 0 : total;
            first[0][t] = 11;
            end[1][t] = t < 50 ? 50 : 0;
        }
        Size size = new Size(2, total, total, 2, 1, 24);
        attend(size, Mask.causal().withSegments(first, end), DType.F32);
        attend(size, Mask.full().withSegments(first, end), DType.F32);
        attend(
                new Size(1, 3, 5, 1, 1, 8),
                Mask.full().withSegments(new int[1][3], new int[1][3]),
                DType.F32);
    }

    @Test
    @Covers({"forward", "backward"})
    void doubles() {
        attend(new Size(2, 17, 17, 4, 2, 8), Mask.causal().withWindow(5), DType.F64);
    }

    /** Soft cap, ALiBi and both, over all that a mask can say and the widths of real heads. */
    @Test
    @Covers({"forward", "backward"})
    void caps_and_slopes() {
        Mask causal = Mask.causal();
        int[][] first = new int[2][130];
        int[][] end = new int[2][130];
        for (int t = 0; t < 130; t++) {
            first[0][t] = t / 37 * 37;
            first[1][t] = t / 64 * 64;
            end[0][t] = Math.min(130, first[0][t] + 37);
            end[1][t] = t == 129 ? 0 : Math.min(130, first[1][t] + 64);
        }
        Mask[] masks = {causal, causal.withWindow(33), causal.withSegments(first, end)};
        for (Mask mask : masks) {
            bent(new Size(2, 130, 130, 4, 2, 24), mask, DType.F32);
        }
        bent(new Size(1, 66, 131, 3, 1, 80), causal.withOffset(65).withWindow(50), DType.F32);
        bent(new Size(2, 9, 9, 4, 2, 8), causal.withWindow(5), DType.F64);
        for (int d : new int[] {7, 96, 128, 256, 512}) {
            bent(new Size(1, 65, 65, 2, 1, d), causal, DType.F32);
            bent(new Size(1, 70, 70, 2, 2, d), Mask.full(), DType.F32);
        }
    }

    /** Few queries against a cache, by themselves and behind each other. */
    @Test
    @Covers({"forward", "backward"})
    void caches() {
        for (int queries : new int[] {1, 3, 4}) {
            for (int keys : new int[] {4, 63, 64, 65, 130, 401}) {
                Mask mask = Mask.causal().withOffset(keys - queries);
                bent(new Size(2, queries, keys, 6, 2, 24), mask, DType.F32);
                bent(new Size(1, queries, keys, 2, 2, 128), mask.withWindow(70), DType.F32);
            }
        }
        int[][] first = {{5, 70, 200}, {0, 0, 130}};
        int[][] end = {{69, 70, 203}, {1, 0, 205}};
        Mask segments = Mask.full().withSegments(first, end);
        bent(new Size(2, 3, 205, 4, 2, 80), segments, DType.F32);
        bent(new Size(2, 3, 0, 4, 2, 16), Mask.full(), DType.F32);
    }

    /** All of one type, and a cache of a narrower type than its queries. */
    @Test
    @Covers({"forward", "backward"})
    void narrow_types() {
        for (DType type : new DType[] {DType.BF16, DType.F16}) {
            for (int d : new int[] {5, 24, 64}) {
                attend(new Size(2, 70, 70, 4, 2, d), Mask.causal().withWindow(40), type);
                attend(new Size(1, 3, 140, 4, 2, d), Mask.causal().withOffset(137), type);
                cached(new Size(2, 2, 140, 4, 2, d), type);
                cached(new Size(1, 70, 140, 4, 2, d), type);
            }
        }
    }

    private void cached(Size s, DType type) {
        Mask mask = Mask.causal().withOffset(s.keys - s.queries);
        Scores scores = Scores.scaled(1 / Math.sqrt(s.width), mask);
        rig.trial(
                type + " cached " + s,
                t -> {
                    Tensor q = heads(t, DType.F32, 0, s.batch, s.queries, s.heads, s.width);
                    Tensor k = heads(t, type, 2, s.batch, s.keys, s.groups, s.width);
                    Tensor v = heads(t, type, 1, s.batch, s.keys, s.groups, s.width);
                    forward(t, s, scores, DType.F32, q, k, v, 0);
                });
    }

    private void bent(Size s, Mask mask, DType type) {
        Scores plain = Scores.scaled(1 / Math.sqrt(s.width), mask);
        float[] slopes = new float[s.heads];
        for (int h = 0; h < s.heads; h++) {
            slopes[h] = mask.isCausal() ? 0.5f / (1 + h) : 0.004f * h;
        }
        attend(s, plain, type);
        attend(s, plain.withSoftCap(0.4), type);
        attend(s, plain.withSlopes(slopes), type);
        attend(s, plain.withSoftCap(30).withSlopes(slopes), type);
    }

    private void attend(Size s, Mask mask, DType type) {
        attend(s, Scores.scaled(1 / Math.sqrt(s.width), mask), type);
    }

    private void attend(Size s, Scores scores, DType type) {
        for (int way = 0; way < 3; way++) {
            int w = way;
            rig.trial(
                    type + " " + s + " " + scores + " way " + way,
                    t -> {
                        Tensor q = heads(t, type, w, s.batch, s.queries, s.heads, s.width);
                        Tensor k = heads(t, type, w, s.batch, s.keys, s.groups, s.width);
                        Tensor v = heads(t, type, w, s.batch, s.keys, s.groups, s.width);
                        forward(t, s, scores, type, q, k, v, Cases.beta(w));
                        backward(t, s, scores, type, w, q, k, v);
                    });
            if ((long) s.queries * s.keys * s.heads * s.width > 2_000_000) {
                break;
            }
        }
    }

    /** {@code [B,T,H,D]} as it is, as {@code [B,H,T,D]} transposed, or as a part of wider rows. */
    private static Tensor heads(Trial t, DType type, int way, int b, int length, int h, int d) {
        return switch (way) {
            case 0 -> t.in(type, b, length, h, d);
            case 1 -> t.in(type, b, h, length, d).transpose(1, 2);
            default -> t.in(type, b, length, h + 2, d + 3).slice(2, 1, h + 1).slice(3, 2, d + 2);
        };
    }

    private static void forward(
            Trial t, Size s, Scores scores, DType type, Tensor q, Tensor k, Tensor v, float beta) {
        Into y = t.out(type, beta, s.batch, s.queries, s.heads, s.width);
        Into lse = s.queries % 2 == 0 ? null : t.out(totals(type), 0, s.batch, s.heads, s.queries);
        t.check(
                tolerance(s),
                rounding(type),
                AttentionKernel.class,
                a -> a.forward(q, k, v, scores, y, lse));
    }

    private static void backward(
            Trial t, Size s, Scores scores, DType type, int way, Tensor q, Tensor k, Tensor v) {
        Mask mask = scores.mask();
        int group = s.heads / s.groups;
        Tensor dy = t.in(type, s.batch, s.queries, s.heads, s.width);
        Tensor y = t.in(type, s.batch, s.queries, s.heads, s.width);
        // what forward would have saved, roughly: probabilities then sum to about one
        Tensor lse =
                t.of(
                        totals(type),
                        Shape.of(s.batch, s.heads, s.queries),
                        i -> {
                            int b = (int) (i / ((long) s.heads * s.queries));
                            int at = (int) (i % s.queries);
                            int seen = mask.end(b, at, s.keys) - mask.first(b, at);
                            return seen > 0 ? Math.log(seen) : Double.NEGATIVE_INFINITY;
                        });
        float beta = Cases.beta(way + 1);
        Into dq = into(t, type, way, beta, s.batch, s.queries, s.heads, s.width);
        Into dk = way == 1 ? null : into(t, type, way, beta, s.batch, s.keys, s.groups, s.width);
        Into dv = into(t, type, way, beta, s.batch, s.keys, s.groups, s.width);
        t.check(
                tolerance(s) * (4 + group * Math.sqrt(s.queries)),
                rounding(type),
                AttentionKernel.class,
                a -> a.backward(q, k, v, scores, y, lse, dy, dq, dk, dv));
    }

    private static Into into(
            Trial t, DType type, int way, float beta, int b, int length, int h, int d) {
        return t.into(beta, heads(t, type, way, b, length, h, d));
    }

    /** Of the log-sum-exp: never narrower than F32. */
    private static DType totals(DType type) {
        return type == DType.F64 ? type : DType.F32;
    }

    /** Half a place either way of what is stored. */
    private static double rounding(DType type) {
        return switch (type) {
            case BF16 -> 0x1p-7;
            case F16 -> 0x1p-10;
            default -> 0;
        };
    }

    /** Scores are sums of D terms up to 1 / sqrt(D); what is averaged is at most 1. */
    private static double tolerance(Size s) {
        return Trial.EPS * (16 + 2 * s.width) + 1e-6;
    }
}
