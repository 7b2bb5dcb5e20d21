package org.lugha.runtime.conformance;

import static org.lugha.runtime.conformance.Cases.beta;
import static org.lugha.runtime.conformance.Trial.near;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.Codebook;
import org.lugha.runtime.DType;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.QuantKernel;

@Family(QuantKernel.class)
record QuantConformanceTest(Rig rig) {
    private static final DType[] FLOATS = {DType.F32, DType.BF16, DType.F16, DType.F64};
    private static final int[] COUNTS = {0, 1, 15, 16, 63, 64, 65, 127, 128, 200, 1023, 70_001};

    /** How a weight is quantised; odd blocks of NF4 straddle rows whose length is no multiple. */
    enum Kind {
        INT8,
        NF4_16,
        NF4_64,
        NF4_1024,
        NESTED;

        Quantized of(Tensor x) {
            return switch (this) {
                case INT8 -> Quantized.int8(x);
                case NF4_16 -> Quantized.nf4(x, 16);
                case NF4_64 -> Quantized.nf4(x, 64);
                case NF4_1024 -> Quantized.nf4(x, 1024);
                case NESTED -> Quantized.nf4(x, 64, 16);
            };
        }
    }

    /** Every third row of zeros, one with NaN, one too small for a reciprocal. */
    private static double rough(long i, int width) {
        long row = width == 0 ? 0 : i / width;
        double v = Math.sin(i * 12.9898) * (row % 5 + 0.5);
        if (row % 7 == 5) {
            return v * 1e-40;
        }
        return row % 3 == 2 ? 0 : i == 1000 ? Double.NaN : v;
    }

    @Test
    @Covers("int8")
    void quantise_int8() {
        for (DType type : FLOATS) {
            for (int width : Cases.WIDTHS) {
                for (int rows : Cases.rows(width)) {
                    rig.trial(
                            "int8 of %s %d x %d".formatted(type, rows, width),
                            t -> {
                                Tensor x = t.of(type, Shape.of(rows, width), i -> rough(i, width));
                                Into codes = t.out(DType.U8, 0, rows, width);
                                Into scales = t.out(0, rows);
                                t.check(0, QuantKernel.class, k -> k.int8(x, codes, scales));
                            });
                }
            }
        }
    }

    @Test
    @Covers("nf4")
    void quantise_nf4() {
        for (DType type : FLOATS) {
            for (int block : new int[] {16, 64, 4096}) {
                for (int n : COUNTS) {
                    rig.trial(
                            "nf4 of %s %d by %d".formatted(type, n, block),
                            t -> {
                                Tensor x = t.of(type, Shape.of(n), i -> rough(i, 64));
                                Into codes = t.out(DType.U8, 0, (n + 1) / 2);
                                Into absmax = t.out(0, (n + block - 1) / block);
                                t.check(0, QuantKernel.class, k -> k.nf4(x, block, codes, absmax));
                            });
                }
            }
        }
    }

    @Test
    @Covers("nested")
    void quantise_absmax() {
        for (int block : new int[] {16, 256}) {
            for (int n : COUNTS) {
                rig.trial(
                        "nested of %d by %d".formatted(n, block),
                        t -> {
                            float[] values = Codebook.dynamic8();
                            Tensor x = t.of(DType.F32, Shape.of(n), i -> 3 + Math.sin(i * 1.7));
                            Tensor table = t.of(DType.F32, Shape.of(256), i -> values[(int) i]);
                            Into codes = t.out(DType.U8, 0, n);
                            Into absmax = t.out(0, (n + block - 1) / block);
                            Into offset = t.out(0, 1);
                            t.check(
                                    0,
                                    QuantKernel.class,
                                    k -> k.nested(x, table, block, codes, absmax, offset));
                        });
            }
        }
    }

    @Test
    @Covers({"encode", "decode"})
    void bytesAndBack() {
        for (boolean signed : new boolean[] {true, false}) {
            float[] values = signed ? Codebook.dynamic8() : Codebook.dynamic8Unsigned();
            for (int block : new int[] {16, 256}) {
                for (int n : COUNTS) {
                    rig.trial(
                            "bytes of %d by %d".formatted(n, block),
                            t -> {
                                Tensor x =
                                        t.of(
                                                DType.F32,
                                                Shape.of(n),
                                                i ->
                                                        signed
                                                                ? rough(i, 64)
                                                                : Math.abs(rough(i, 64)));
                                Tensor table = t.of(DType.F32, Shape.of(256), i -> values[(int) i]);
                                Into codes = t.out(DType.U8, 0, n);
                                Into absmax = t.out(0, (n + block - 1) / block);
                                t.check(
                                        0,
                                        QuantKernel.class,
                                        k -> k.encode(x, table, block, codes, absmax));
                                Tensor code =
                                        t.of(DType.U8, Shape.of(n), i -> (i * 37 + i / 5) % 256);
                                Tensor most =
                                        t.of(
                                                DType.F32,
                                                Shape.of((n + block - 1) / block),
                                                i -> 0.1 + i % 7);
                                Into y = t.out(beta(n / 3), n);
                                t.check(
                                        4 * Trial.EPS,
                                        QuantKernel.class,
                                        k -> k.decode(code, table, block, most, y));
                            });
                }
            }
        }
    }

    @Test
    @Covers("dequantize")
    void dequantise() {
        for (Kind kind : Kind.values()) {
            for (int width : Cases.WIDTHS) {
                for (int rows : Cases.rows(width)) {
                    DType type = FLOATS[Math.floorMod(width + rows, FLOATS.length)];
                    float beta = beta(rows / 3 + width);
                    rig.trial(
                            "%s to %s %d x %d beta %s".formatted(kind, type, rows, width, beta),
                            t -> {
                                Quantized w = kind.of(t.in(rows, width));
                                Into y = t.out(type, beta, rows, width);
                                double off = beta == 0 ? 0 : 4 * Trial.EPS;
                                t.check(off, QuantKernel.class, k -> k.dequantize(w, y));
                            });
                }
            }
        }
    }

    @Test
    @Covers("gather")
    void gather() {
        for (Kind kind : Kind.values()) {
            for (int width : new int[] {1, 7, 31, 64, 207, 4099}) {
                for (int n : new int[] {0, 1, 100}) {
                    DType type = FLOATS[Math.floorMod(width + n, FLOATS.length)];
                    float beta = beta(width + n / 3);
                    rig.trial(
                            "%s rows of %d, %d to %s beta %s".formatted(kind, width, n, type, beta),
                            t -> {
                                Quantized w = kind.of(t.in(13, width));
                                Tensor ids = t.ids(13, n);
                                Into y = t.out(type, beta, n, width);
                                double off = beta == 0 ? 0 : 4 * Trial.EPS;
                                t.check(off, QuantKernel.class, k -> k.gather(w, ids, y));
                            });
                }
            }
        }
    }

    @Test
    @Covers("gemm")
    void products() {
        int[][] sizes = {
            {1, 1, 1},
            {1, 64, 3},
            {2, 1031, 17},
            {8, 31, 207},
            {9, 128, 33},
            {13, 100, 7},
            {33, 65, 130},
            {26, 1040, 70},
            {5, 2100, 9}
        };
        int number = 0;
        for (Kind kind : Kind.values()) {
            for (int[] s : sizes) {
                for (int way = 0; way < 4; way++) {
                    product(kind, way % 2 == 1, way / 2 == 1, s, beta(number++));
                }
            }
        }
    }

    private void product(Kind kind, boolean ta, boolean tw, int[] s, float beta) {
        int m = s[0];
        int k = s[1];
        int n = s[2];
        double alpha = k % 3 == 0 ? 1 : -0.5;
        rig.trial(
                "%s %s %s %d x %d x %d beta %s".formatted(kind, ta, tw, m, k, n, beta),
                t -> {
                    Tensor a = ta ? t.in(k, m) : t.in(m, k);
                    Quantized w = kind.of(tw ? t.in(n, k) : t.in(k, n));
                    Into c = t.out(beta, m, n);
                    t.check(near(k), QuantKernel.class, q -> q.gemm(ta, tw, alpha, a, w, c));
                });
    }

    @Test
    @Covers("gemm")
    void products_of_views_and_nothing() {
        for (Kind kind : Kind.values()) {
            rig.trial(
                    kind + " of views",
                    t -> {
                        Tensor a = t.in(20, 50).slice(0, 3, 17).slice(1, 5, 42);
                        Quantized w = kind.of(t.in(19, 37));
                        Into c = t.into(0.5f, t.in(19, 14).transpose(0, 1));
                        t.check(near(37), QuantKernel.class, q -> q.gemm(false, true, 1, a, w, c));
                    });
            for (float beta : Cases.BETAS) {
                rig.trial(
                        kind + " without depth, beta " + beta,
                        t -> {
                            Tensor a = t.in(3, 0);
                            Quantized w = kind.of(t.in(5, 0));
                            Into c = t.out(beta, 3, 5);
                            t.check(0, QuantKernel.class, q -> q.gemm(false, true, 1, a, w, c));
                        });
            }
            rig.trial(
                    kind + " with other types",
                    t -> {
                        Tensor a = t.in(DType.BF16, 4, 33);
                        Quantized w = kind.of(t.in(33, 5));
                        Into c = t.out(DType.F64, 1, 4, 5);
                        t.check(near(33), QuantKernel.class, q -> q.gemm(false, false, 1, a, w, c));
                    });
        }
    }
}
