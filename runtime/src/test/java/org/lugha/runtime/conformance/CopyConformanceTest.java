package org.lugha.runtime.conformance;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.CopyKernel;
import org.lugha.runtime.spi.Into;

@Family(CopyKernel.class)
record CopyConformanceTest(Rig rig) {
    /** Ties, overflows, subnormals: what narrowing gets wrong. */
    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        0.5f,
        1.5f,
        2.5f,
        1 + 0x1p-8f,
        1 + 0x3p-8f,
        1 + 0x1p-8f + 0x1p-23f,
        65504f,
        65519f,
        65520f,
        1e-7f,
        2.9802322e-8f,
        2.980233e-8f,
        6e-8f,
        1e-40f,
        Float.MAX_VALUE,
        3.39e38f,
        Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN,
        255f,
        128f,
        3f,
        17f,
        100.5f,
        -65520f,
        0.1f,
        1000.7f
    };

    @Test
    @Covers("copy")
    void all_pairs_of_types() {
        for (DType from : DType.values()) {
            for (DType to : DType.values()) {
                for (int n : new int[] {0, 1, 17, 1023}) {
                    rig.trial(
                            "copy " + from + " to " + to + " of " + n,
                            t -> {
                                Tensor x =
                                        t.of(
                                                from,
                                                Shape.of(n),
                                                i -> i % 200 * (to.isFloat() ? 0.37 : 1));
                                Into y = t.out(to, 0, n);
                                t.check(0, CopyKernel.class, k -> k.copy(x, y));
                            });
                }
            }
        }
    }

    @Test
    @Covers("copy")
    void special_values() {
        for (DType to : new DType[] {DType.F32, DType.F64, DType.BF16, DType.F16}) {
            rig.trial(
                    "special values to " + to,
                    t -> {
                        Tensor x = t.of(DType.F32, Shape.of(SPECIAL.length), i -> SPECIAL[(int) i]);
                        Into y = t.out(to, 0, SPECIAL.length);
                        t.check(0, CopyKernel.class, k -> k.copy(x, y));
                    });
            rig.trial(
                    "special values of " + to,
                    t -> {
                        Tensor x = t.of(to, Shape.of(SPECIAL.length), i -> SPECIAL[(int) i]);
                        Into y = t.out(0, SPECIAL.length);
                        t.check(0, CopyKernel.class, k -> k.copy(x, y));
                    });
        }
    }

    @Test
    @Covers("copy")
    void lengths() {
        for (int n : Cases.LENGTHS) {
            for (float beta : Cases.BETAS) {
                rig.trial(
                        "copy of " + n + " beta " + beta,
                        t -> {
                            Tensor x = t.in(n);
                            Into y = t.out(beta, n);
                            t.check(Trial.EPS * 2, CopyKernel.class, k -> k.copy(x, y));
                        });
            }
        }
    }

    @Test
    @Covers("copy")
    void strides() {
        for (float beta : Cases.BETAS) {
            for (int way = 0; way < 25; way++) {
                int w = way;
                rig.trial(
                        "strided copy, way " + way + " beta " + beta,
                        t -> {
                            Tensor x = view(t, w % 5);
                            Into y = t.into(beta, view(t, w / 5));
                            t.check(Trial.EPS * 2, CopyKernel.class, k -> k.copy(x, y));
                        });
            }
        }
    }

    /** Large enough for blocks and threads. */
    @Test
    @Covers("copy")
    void large_transposes() {
        for (float beta : Cases.BETAS) {
            for (int way = 0; way < 3; way++) {
                int w = way;
                rig.trial(
                        "large transpose, way " + way + " beta " + beta,
                        t -> {
                            Tensor x = t.in(65, 9, 131).transpose(w, (w + 1) % 3);
                            int[] dims = x.shape().dims();
                            Into y = t.out(beta, dims.clone());
                            t.check(Trial.EPS * 2, CopyKernel.class, k -> k.copy(x, y));
                        });
            }
        }
    }

    @Test
    @Covers("copy")
    void expanded() {
        int[][] from = {{33}, {17, 1}, {5, 1, 1}, {1}, {5, 1, 33}, {1, 17, 33}, {1, 1, 1}};
        for (int[] dims : from) {
            for (DType type : new DType[] {DType.F32, DType.BF16, DType.I32}) {
                for (float beta : Cases.BETAS) {
                    rig.trial(
                            "copy of %s %s repeated, beta %s".formatted(type, Shape.of(dims), beta),
                            t -> {
                                Tensor x = t.in(type, dims).expand(Shape.of(5, 17, 33));
                                Into y = t.out(beta, 5, 17, 33);
                                t.check(Trial.EPS * 2, CopyKernel.class, k -> k.copy(x, y));
                            });
                }
            }
        }
    }

    /** Five ways to lie as {@code [5,17,33]}. */
    private static Tensor view(Trial t, int way) {
        return switch (way) {
            case 0 -> t.in(5, 17, 33);
            case 1 -> t.in(17, 5, 33).transpose(0, 1);
            case 2 -> t.in(5, 33, 17).transpose(1, 2);
            case 3 -> t.in(33, 17, 5).transpose(0, 2);
            default -> t.in(7, 17, 40).slice(0, 1, 6).slice(2, 3, 36);
        };
    }

    @Test
    @Covers("copy")
    void strides_between_types() {
        rig.trial(
                "strided copy between types",
                t -> {
                    Tensor x = t.in(DType.BF16, 17, 9).transpose(0, 1);
                    Into y = t.into(1, t.in(DType.F64, 9, 20).slice(1, 2, 19));
                    t.check(0, CopyKernel.class, k -> k.copy(x, y));
                });
    }

    @Test
    @Covers("copy")
    void a_scalar_and_four_axes() {
        rig.trial(
                "rank 0",
                t -> {
                    Tensor x = t.in();
                    Into y = t.out(0.5f);
                    t.check(Trial.EPS * 2, CopyKernel.class, k -> k.copy(x, y));
                });
        rig.trial(
                "rank 4",
                t -> {
                    Tensor x = t.in(2, 7, 3, 16).transpose(1, 2);
                    Into y = t.out(0, 2, 3, 7, 16);
                    t.check(0, CopyKernel.class, k -> k.copy(x, y));
                });
    }

    @Test
    @Covers("fill")
    void fill() {
        for (DType dtype : DType.values()) {
            for (int n : Cases.LENGTHS) {
                float beta = dtype.isFloat() ? Cases.beta(n) : 0;
                rig.trial(
                        "fill " + dtype + " of " + n + " beta " + beta,
                        t -> {
                            Into y = t.out(dtype, beta, n);
                            t.check(Trial.EPS * 2, CopyKernel.class, k -> k.fill(3, y));
                            t.check(0, CopyKernel.class, k -> k.fill(0, y));
                        });
            }
        }
    }

    @Test
    @Covers("fill")
    void strided_fill() {
        for (float beta : Cases.BETAS) {
            for (int way = 0; way < 5; way++) {
                int w = way;
                rig.trial(
                        "strided fill, way " + way + " beta " + beta,
                        t -> {
                            Into y = t.into(beta, view(t, w));
                            t.check(Trial.EPS * 4, CopyKernel.class, k -> k.fill(-1.5, y));
                        });
                rig.trial(
                        "strided zeros, way " + way + " beta " + beta,
                        t -> {
                            Into y = t.into(beta, view(t, w));
                            t.check(Trial.EPS * 4, CopyKernel.class, k -> k.fill(0, y));
                        });
            }
        }
    }
}
