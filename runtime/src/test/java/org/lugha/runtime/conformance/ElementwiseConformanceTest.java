package org.lugha.runtime.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.ElementwiseKernel;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Unary;

@Family(ElementwiseKernel.class)
record ElementwiseConformanceTest(Rig rig) {
    private static final double ROUNDED = 4 * Trial.EPS;
    private static final double CURVED = 16 * Trial.EPS;
    private static final float[] SPECIAL = {
        0f, -0f, 1e-30f, -1e-30f, 1e-8f, 0.5f, -0.5f, 5.5f, -5.5f, 9f, -9f, 13f, -13f, 40f, -40f,
        87f, -87f, 88f, -88f, 89f, -89f, 104f, -104f, 1000f, -1000f, 1e10f, -1e10f
    };

    /** {@code body} gets a trial and a length. */
    private void everyLength(String what, float beta, BiConsumer<Trial, Integer> body) {
        for (int n : Cases.LENGTHS) {
            rig.trial(what + " of " + n + " beta " + beta, t -> body.accept(t, n));
        }
    }

    @Test
    @Covers({"scale", "add", "mul"})
    void arithmetic() {
        for (float beta : Cases.BETAS) {
            everyLength(
                    "scale, add, mul",
                    beta,
                    (t, n) -> {
                        Tensor a = t.in(n);
                        Tensor b = t.in(n);
                        Into scaled = t.out(beta, n);
                        Into sum = t.out(beta, n);
                        Into product = t.out(beta, n);
                        t.check(ROUNDED, ElementwiseKernel.class, k -> k.scale(-0.3, a, scaled));
                        t.check(ROUNDED, ElementwiseKernel.class, k -> k.add(a, b, sum));
                        t.check(ROUNDED, ElementwiseKernel.class, k -> k.mul(a, b, product));
                    });
        }
    }

    @Test
    @Covers("addRow")
    void add_row() {
        for (int width : Cases.WIDTHS) {
            for (int rows : Cases.rows(width)) {
                float beta = Cases.beta(width + rows);
                rig.trial(
                        "addRow " + rows + " x " + width + " beta " + beta,
                        t -> {
                            Tensor x = t.in(rows, width);
                            Tensor row = t.in(width);
                            Into y = t.out(beta, rows, width);
                            t.check(ROUNDED, ElementwiseKernel.class, k -> k.addRow(x, row, y));
                        });
            }
        }
    }

    @Test
    @Covers("mulRow")
    void mul_row() {
        for (int width : Cases.WIDTHS) {
            for (int rows : Cases.rows(width)) {
                float beta = Cases.beta(width + rows);
                rig.trial(
                        "mulRow " + rows + " x " + width + " beta " + beta,
                        t -> {
                            Tensor x = t.in(rows, width);
                            Tensor row = t.in(width);
                            Into y = t.out(beta, rows, width);
                            t.check(ROUNDED, ElementwiseKernel.class, k -> k.mulRow(x, row, y));
                        });
            }
        }
    }

    @Test
    @Covers("maskedFill")
    void masked_fill() {
        for (int width : Cases.WIDTHS) {
            for (int rows : Cases.rows(width)) {
                float beta = Cases.beta(width + rows);
                rig.trial(
                        "maskedFill " + rows + " x " + width + " beta " + beta,
                        t -> masked(t, DType.F32, ROUNDED, beta, rows, width));
            }
            float beta = Cases.beta(width);
            String what = "maskedFill 9 x " + width + " beta " + beta + " ";
            rig.trial(what + DType.F64, t -> masked(t, DType.F64, 1e-15, beta, 9, width));
            for (DType type : new DType[] {DType.BF16, DType.F16}) {
                double near = Cases.NARROW_NEAR;
                rig.trial(what + type, t -> masked(t, type, near, beta, 9, width));
            }
        }
        rig.trial(
                "maskedFill with infinity",
                t -> {
                    Tensor x = t.of(DType.F32, Shape.of(40), i -> i % 3 == 0 ? Double.NaN : i);
                    Tensor mask = t.of(DType.I32, Shape.of(20), i -> i % 4 - 2.0);
                    Into y = t.out(0, 40);
                    double value = Double.NEGATIVE_INFINITY;
                    t.check(0, ElementwiseKernel.class, k -> k.maskedFill(x, mask, value, y));
                });
    }

    /** With a mask for every element, and with one for every row. */
    private static void masked(Trial t, DType type, double near, float beta, int rows, int width) {
        Tensor x = t.in(type, rows, width);
        Tensor all = t.ids(2, rows, width);
        Tensor row = t.ids(2, width);
        Into y = t.out(type, beta, rows, width);
        Into z = t.out(type, beta, rows, width);
        t.check(near, near, ElementwiseKernel.class, k -> k.maskedFill(x, all, -0.7, y));
        t.check(near, near, ElementwiseKernel.class, k -> k.maskedFill(x, row, -0.7, z));
        t.check(
                near,
                near,
                ElementwiseKernel.class,
                k -> k.maskedFill(x, row, 2, Into.overwrite(x)));
    }

    @Test
    @Covers({"unary", "unaryBackward"})
    void unary() {
        for (Unary f : Unary.values()) {
            for (float beta : Cases.BETAS) {
                everyLength(
                        f.name(),
                        beta,
                        (t, n) -> {
                            Tensor x = t.of(DType.F32, Shape.of(n), i -> (i * 7 % 97 - 48) / 8.0);
                            Tensor dy = t.in(n);
                            Into y = t.out(beta, n);
                            Into dx = t.out(beta, n);
                            t.check(CURVED, CURVED, ElementwiseKernel.class, k -> k.unary(f, x, y));
                            t.check(
                                    CURVED,
                                    CURVED,
                                    ElementwiseKernel.class,
                                    k -> k.unaryBackward(f, x, dy, dx));
                        });
            }
        }
    }

    @Test
    @Covers({"unary", "unaryBackward"})
    void unary_of_special_values() {
        for (Unary f : Unary.values()) {
            rig.trial(
                    f + " of special values",
                    t -> {
                        Tensor x = t.of(DType.F32, Shape.of(SPECIAL.length), i -> SPECIAL[(int) i]);
                        Tensor dy = t.in(SPECIAL.length);
                        Into y = t.out(0, SPECIAL.length);
                        Into dx = t.out(0, SPECIAL.length);
                        t.check(CURVED, CURVED, ElementwiseKernel.class, k -> k.unary(f, x, y));
                        t.check(
                                CURVED,
                                CURVED,
                                ElementwiseKernel.class,
                                k -> k.unaryBackward(f, x, dy, dx));
                    });
        }
    }

    @Test
    @Covers({"softCap", "softCapBackward"})
    void soft_cap() {
        for (float beta : Cases.BETAS) {
            everyLength(
                    "softCap",
                    beta,
                    (t, n) -> {
                        Tensor x = t.of(DType.F32, Shape.of(n), i -> i * 7 % 97 - 48);
                        Tensor y = t.of(DType.F32, Shape.of(n), i -> (i * 7 % 97 - 48) / 10.0);
                        Tensor dy = t.in(n);
                        Into to = t.out(beta, n);
                        Into dx = t.out(beta, n);
                        t.check(CURVED, CURVED, ElementwiseKernel.class, k -> k.softCap(30, x, to));
                        t.check(
                                CURVED,
                                CURVED,
                                ElementwiseKernel.class,
                                k -> k.softCapBackward(5, y, dy, dx));
                    });
        }
    }

    @Test
    @Covers({"gate", "gateBackward"})
    void gate() {
        for (Unary f : Unary.values()) {
            for (float beta : Cases.BETAS) {
                everyLength(
                        "gate " + f,
                        beta,
                        (t, n) -> {
                            Tensor g = t.of(DType.F32, Shape.of(n), i -> (i * 7 % 97 - 48) / 8.0);
                            Tensor up = t.in(n);
                            Tensor dy = t.in(n);
                            Into y = t.out(beta, n);
                            Into dg = n % 3 == 0 ? null : t.out(beta, n);
                            Into dup = n % 7 == 0 ? null : t.out(beta, n);
                            t.check(
                                    CURVED,
                                    CURVED,
                                    ElementwiseKernel.class,
                                    k -> k.gate(f, g, up, y));
                            t.check(
                                    CURVED,
                                    CURVED,
                                    ElementwiseKernel.class,
                                    k -> k.gateBackward(f, g, up, dy, dg, dup));
                        });
            }
        }
    }

    /** Which elements are dropped must agree everywhere, so zeros are compared exactly. */
    @Test
    @Covers("dropout")
    void dropout() {
        for (double p : new double[] {0, 0.1, 0.25, 0.5, 0.9}) {
            everyLength(
                    "dropout " + p,
                    0,
                    (t, n) -> {
                        Tensor x = t.in(n);
                        Into y = t.out(0, n);
                        t.check(
                                0,
                                2 * Trial.EPS,
                                ElementwiseKernel.class,
                                k -> k.dropout(p, 0x1234_5678_9ABCL + n, x, y));
                    });
        }
    }

    @Test
    @Covers("dropout")
    void dropout_with_beta() {
        for (float beta : Cases.BETAS) {
            everyLength(
                    "dropout",
                    beta,
                    (t, n) -> {
                        Tensor x = t.in(n);
                        Into y = t.out(beta, n);
                        t.check(
                                2 * ROUNDED,
                                ElementwiseKernel.class,
                                k -> k.dropout(0.3, -n, x, y));
                    });
        }
    }

    @Test
    @Covers({
        "scale",
        "add",
        "mul",
        "addRow",
        "mulRow",
        "unary",
        "unaryBackward",
        "gate",
        "gateBackward",
        "softCap",
        "softCapBackward",
        "dropout"
    })
    void other_types() {
        for (int n : new int[] {1, 13, 99, 2061}) {
            everyType(n);
        }
        rig.trial("all of F64", t -> everyMethod(t, DType.F64, DType.F64, 9, 1e-13));
    }

    private void everyType(int n) {
        for (DType[] types : Cases.NARROW) {
            rig.trial(
                    n + " of " + types[0] + " and " + types[1],
                    t -> everyMethod(t, types[0], types[1], n, Cases.NARROW_NEAR));
        }
    }

    private static void everyMethod(Trial t, DType one, DType other, int n, double near) {
        Tensor a = t.in(one, 3, n);
        Tensor b = t.in(other, 3, n);
        Tensor row = t.in(other, n);
        Tensor dy = t.in(one, 3, n);
        for (float beta : Cases.BETAS) {
            List<Consumer<ElementwiseKernel>> calls = new ArrayList<>();
            Into y = t.out(one, beta, 3, n);
            Into z = t.out(other, beta, 3, n);
            calls.add(k -> k.scale(0.7, a, y));
            calls.add(k -> k.add(a, b, y.more()));
            calls.add(k -> k.mul(a, b, z));
            calls.add(k -> k.addRow(a, row, y.more()));
            calls.add(k -> k.mulRow(a, row, y.more()));
            calls.add(k -> k.dropout(0.3, 5, a, y.more()));
            calls.add(k -> k.softCap(2, a, z.more()));
            calls.add(k -> k.softCapBackward(2, a, dy, z));
            for (Unary f : Unary.values()) {
                calls.add(k -> k.unary(f, a, y));
                calls.add(k -> k.unaryBackward(f, a, dy, y));
                calls.add(k -> k.gate(f, a, b, y));
                calls.add(k -> k.gateBackward(f, a, b, dy, y, z));
            }
            calls.add(k -> k.add(a, b, Into.overwrite(y.tensor())));
            calls.add(k -> k.add(y.tensor(), b, Into.overwrite(y.tensor())));
            calls.forEach(c -> t.check(2 * near, near, ElementwiseKernel.class, c));
        }
    }
}
