package org.lugha.runtime.conformance;

import static org.lugha.runtime.conformance.Trial.near;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.NormKernel;

@Family(NormKernel.class)
record NormConformanceTest(Rig rig) {
    private static final double EPS = 1e-5;
    private static final double NEAR = 4e-6;

    @Test
    @Covers({"rms", "rmsBackward"})
    void rms() {
        for (int width : Cases.WIDTHS) {
            for (int rows : Cases.rows(width)) {
                float beta = Cases.beta(width + rows);
                rig.trial(
                        "rms " + rows + " x " + width + " beta " + beta,
                        t -> rms(t, DType.F32, DType.F32, rows, width, beta));
            }
        }
        rig.trial("rms F64", t -> rms(t, DType.F64, DType.F64, 5, 33, 0.5f));
    }

    @Test
    @Covers({"rms", "rmsBackward", "layer", "layerBackward"})
    void narrow_types() {
        for (DType[] types : Cases.NARROW) {
            for (int width : new int[] {1, 17, 100, 207}) {
                for (int rows : new int[] {0, 3, 130}) {
                    float beta = Cases.beta(width + rows);
                    String what = types[0] + " and " + types[1] + " " + rows + " x " + width;
                    rig.trial("rms " + what, t -> rms(t, types[0], types[1], rows, width, beta));
                    rig.trial(
                            "layer " + what, t -> layer(t, types[0], types[1], rows, width, beta));
                }
            }
        }
    }

    /** What a type adds to the tolerance, of results and of their size. */
    private static double rounding(DType a, DType b) {
        return a.bytes() == 2 || b.bytes() == 2 ? Cases.NARROW_NEAR : 0;
    }

    private static void rms(Trial t, DType type, DType weight, int rows, int width, float beta) {
        double more = rounding(type, weight);
        DType wide = type == DType.F64 ? type : DType.F32;
        Tensor x = t.in(type, rows, width);
        Tensor w = t.in(weight, width);
        Tensor dy = t.in(type, rows, width);
        Tensor r = t.of(wide, Shape.of(rows), i -> 1.5 + i % 3);
        double offset = width % 5 == 0 ? 0 : width % 4 == 0 ? 1 : -0.5;
        Into y = t.out(type, beta, rows, width);
        Into rstd = width % 2 == 0 ? null : t.out(wide, 0, rows);
        Into dx = width % 3 == 0 ? null : t.out(type, beta, rows, width);
        Into dw = width % 7 == 0 ? null : t.out(weight, beta, width);
        // r of a row of width 1 may be large: what is near is relative to it
        t.check(NEAR + more, NEAR + more, NormKernel.class, k -> k.rms(x, w, offset, EPS, y, rstd));
        t.check(
                8 * near(rows) + 40 * NEAR + more,
                more,
                NormKernel.class,
                k -> k.rmsBackward(x, w, offset, r, dy, dx, dw));
    }

    @Test
    @Covers({"layer", "layerBackward"})
    void layer() {
        for (int width : Cases.WIDTHS) {
            for (int rows : Cases.rows(width)) {
                float beta = Cases.beta(width + rows);
                rig.trial(
                        "layer " + rows + " x " + width + " beta " + beta,
                        t -> layer(t, DType.F32, DType.F32, rows, width, beta));
            }
        }
        rig.trial("layer F64", t -> layer(t, DType.F64, DType.F64, 5, 33, 0.5f));
    }

    private static void layer(Trial t, DType type, DType weight, int rows, int width, float beta) {
        double more = rounding(type, weight);
        DType wide = type == DType.F64 ? type : DType.F32;
        // spread evenly, so that the variance of short rows is not next to nothing
        Tensor x = t.of(type, Shape.of(rows, width), i -> 3 + (i * 37 % 101 - 50) / 25.0);
        Tensor w = t.in(weight, width);
        Tensor b = (rows + width) % 3 == 0 ? null : t.in(weight, width);
        Tensor dy = t.in(type, rows, width);
        Tensor m = t.of(wide, Shape.of(rows), i -> 3 + 0.1 * (i % 5));
        Tensor r = t.of(wide, Shape.of(rows), i -> 0.5 + 0.1 * (i % 3));
        Into y = t.out(type, beta, rows, width);
        boolean saves = width % 2 != 0;
        Into mean = saves ? t.out(wide, 0, rows) : null;
        Into rstd = saves ? t.out(wide, 0, rows) : null;
        Into dx = width % 3 == 0 ? null : t.out(type, beta, rows, width);
        Into dw = width % 7 == 0 ? null : t.out(weight, beta, width);
        Into db = width % 8 == 0 ? null : t.out(weight, beta, width);
        t.check(
                10 * NEAR + more,
                NEAR + more,
                NormKernel.class,
                k -> k.layer(x, w, b, EPS, y, mean, rstd));
        t.check(
                4 * near(rows) + 10 * NEAR + more,
                more,
                NormKernel.class,
                k -> k.layerBackward(x, w, m, r, dy, dx, dw, db));
    }

    /** A mean far from zero: the variance must not be a difference of large numbers. */
    @Test
    @Covers("layer")
    void far_mean() {
        rig.trial(
                "layer with a mean of 1000",
                t -> {
                    Tensor x = t.of(DType.F32, Shape.of(3, 64), i -> 1000 + i % 7);
                    Tensor w = t.in(64);
                    Tensor b = t.in(64);
                    Into y = t.out(0, 3, 64);
                    t.check(1e-3, NormKernel.class, k -> k.layer(x, w, b, EPS, y, null, null));
                });
    }

    @Test
    @Covers("rms")
    void three_axes_and_a_row_of_zeros() {
        rig.trial(
                "rms of zeros",
                t -> {
                    Tensor x = t.of(DType.F32, Shape.of(2, 3, 16), i -> i < 16 ? 0 : i);
                    Tensor w = t.in(16);
                    Into y = t.out(0, 2, 3, 16);
                    Into rstd = t.out(0, 6);
                    t.check(NEAR, NEAR, NormKernel.class, k -> k.rms(x, w, 0, EPS, y, rstd));
                });
    }
}
