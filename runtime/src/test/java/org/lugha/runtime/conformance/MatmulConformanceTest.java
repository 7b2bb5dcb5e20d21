package org.lugha.runtime.conformance;

import static org.lugha.runtime.conformance.Cases.SHORT;
import static org.lugha.runtime.conformance.Cases.beta;
import static org.lugha.runtime.conformance.Trial.near;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Layout;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.MatmulKernel;

@Family(MatmulKernel.class)
record MatmulConformanceTest(Rig rig) {
    private static final int[][] LARGE = {
        {207, 100, 64},
        {64, 207, 100},
        {100, 64, 207},
        {17, 1023, 31},
        {1023, 17, 13},
        {1, 207, 1023},
        {1, 1023, 64},
        {3, 5, 4099},
        {97, 385, 49},
        {130, 770, 35},
    };

    @Test
    @Covers("gemm")
    void short_sides() {
        int number = 0;
        for (int m : SHORT) {
            for (int k : SHORT) {
                for (int n : SHORT) {
                    number++;
                    gemm(number % 2 == 0, number / 2 % 2 == 0, m, k, n, beta(number));
                }
            }
        }
    }

    @Test
    @Covers("gemm")
    void long_sides() {
        int number = 0;
        for (int[] s : LARGE) {
            for (int way = 0; way < 4; way++) {
                gemm(way % 2 == 1, way / 2 == 1, s[0], s[1], s[2], beta(number++));
            }
        }
    }

    @Test
    @Covers("gemm")
    void empty_sides() {
        for (float beta : Cases.BETAS) {
            gemm(false, false, 0, 3, 5, beta);
            gemm(false, true, 3, 0, 5, beta);
            gemm(true, false, 33, 0, 47, beta);
            gemm(false, false, 3, 5, 0, beta);
        }
    }

    private void gemm(boolean ta, boolean tb, int m, int k, int n, float beta) {
        double alpha = k % 3 == 0 ? 1 : -0.5;
        rig.trial(
                "gemm %s %s %d x %d x %d beta %s".formatted(ta, tb, m, k, n, beta),
                t -> {
                    Tensor a = ta ? t.in(k, m) : t.in(m, k);
                    Tensor b = tb ? t.in(n, k) : t.in(k, n);
                    Into c = t.out(beta, m, n);
                    t.check(near(k), MatmulKernel.class, mm -> mm.gemm(ta, tb, alpha, a, b, c));
                });
    }

    @Test
    @Covers("gemm")
    void batches() {
        for (int batch : new int[] {0, 1, 3, 7}) {
            for (int way = 0; way < 4; way++) {
                boolean ta = way % 2 == 1;
                boolean tb = way / 2 == 1;
                float beta = beta(batch + way);
                rig.trial(
                        "batch of %d %s %s beta %s".formatted(batch, ta, tb, beta),
                        t -> {
                            Tensor a = ta ? t.in(batch, 17, 31) : t.in(batch, 31, 17);
                            Tensor b = tb ? t.in(batch, 13, 17) : t.in(batch, 17, 13);
                            Into c = t.out(beta, batch, 31, 13);
                            t.check(near(17), MatmulKernel.class, m -> m.gemm(ta, tb, 1, a, b, c));
                        });
            }
        }
    }

    /** Heads of {@code [B,T,H,D]}, as attention without a kernel of its own would take them. */
    @Test
    @Covers("gemm")
    void heads() {
        for (float beta : Cases.BETAS) {
            rig.trial(
                    "heads beta " + beta,
                    t -> {
                        Tensor q = t.in(33, 3, 16).transpose(0, 1);
                        Tensor k = t.in(20, 3, 16).transpose(0, 1);
                        Into scores = t.into(beta, t.in(33, 3, 20).transpose(0, 1));
                        t.check(
                                near(16),
                                MatmulKernel.class,
                                m -> m.gemm(false, true, 0.25, q, k, scores));
                    });
        }
    }

    @Test
    @Covers("gemm")
    void strides() {
        int[][] sizes = {{1, 1, 1}, {7, 13, 5}, {33, 47, 29}, {64, 64, 64}, {100, 207, 65}};
        for (int[] s : sizes) {
            for (int way = 0; way < 16; way++) {
                int w = way;
                rig.trial(
                        "strides %d x %d x %d way %d".formatted(s[0], s[1], s[2], way),
                        t -> {
                            Tensor a = strided(t, w, s[0], s[1]);
                            Tensor b = strided(t, w / 2 + w, s[1], s[2]);
                            Into c = t.into(beta(w), strided(t, w / 4, s[0], s[2]));
                            t.check(
                                    near(s[1]),
                                    MatmulKernel.class,
                                    m -> m.gemm(false, false, 1, a, b, c));
                        });
            }
        }
    }

    /** A matrix as it is, or a transposed one, or a part of a larger one, or both. */
    private static Tensor strided(Trial t, int way, int rows, int columns) {
        return switch (way % 4) {
            case 0 -> t.in(rows, columns);
            case 1 -> t.in(columns, rows).transpose(0, 1);
            case 2 -> t.in(rows + 2, columns + 3).slice(0, 1, rows + 1).slice(1, 2, columns + 2);
            default ->
                    t.in(columns + 1, rows + 5)
                            .slice(0, 1, columns + 1)
                            .slice(1, 3, rows + 3)
                            .transpose(0, 1);
        };
    }

    /** Every second column: no axis is without gaps. */
    @Test
    @Covers("gemm")
    void gaps_on_both_axes() {
        rig.trial(
                "gaps",
                t -> {
                    Tensor a = everySecond(t, 13, 17);
                    Tensor b = everySecond(t, 17, 19);
                    Into c = t.into(0.5f, everySecond(t, 13, 19));
                    t.check(near(17), MatmulKernel.class, m -> m.gemm(false, false, 1, a, b, c));
                });
    }

    private static Tensor everySecond(Trial t, int rows, int columns) {
        Layout layout = new Layout(Shape.of(rows, columns), new long[] {2L * columns, 2}, 1);
        return new Tensor(t.in(rows, columns, 2).storage(), layout, DType.F32);
    }

    @Test
    @Covers("gemm")
    void other_types() {
        DType[][] types = {
            {DType.F64, DType.F64, DType.F64},
            {DType.F32, DType.BF16, DType.F32},
            {DType.F32, DType.F16, DType.F32},
            {DType.BF16, DType.F32, DType.F32},
            {DType.BF16, DType.BF16, DType.F32},
        };
        for (DType[] d : types) {
            for (int way = 0; way < 4; way++) {
                boolean ta = way % 2 == 1;
                boolean tb = way / 2 == 1;
                rig.trial(
                        "%s %s %s %s %s".formatted(d[0], d[1], d[2], ta, tb),
                        t -> {
                            Tensor a = ta ? t.in(d[0], 37, 21) : t.in(d[0], 21, 37);
                            Tensor b = tb ? t.in(d[1], 50, 37) : t.in(d[1], 37, 50);
                            Into c = t.out(d[2], 1, 21, 50);
                            t.check(near(37), MatmulKernel.class, m -> m.gemm(ta, tb, 1, a, b, c));
                        });
            }
        }
    }
}
