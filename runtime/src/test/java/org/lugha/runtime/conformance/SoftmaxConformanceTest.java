package org.lugha.runtime.conformance;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.SoftmaxKernel;

@Family(SoftmaxKernel.class)
record SoftmaxConformanceTest(Rig rig) {
    private static final double NEAR = 1e-6;

    @Test
    @Covers({"forward", "backward"})
    void rows_and_widths() {
        for (int width : Cases.WIDTHS) {
            for (int rows : Cases.rows(width)) {
                float beta = Cases.beta(width + rows);
                rig.trial(
                        "softmax " + rows + " x " + width + " beta " + beta,
                        t -> {
                            Tensor x = t.of(DType.F32, Shape.of(rows, width), i -> i * 31 % 17);
                            Tensor p = t.of(DType.F32, Shape.of(rows, width), _ -> 1.0 / width);
                            Tensor dy = t.in(rows, width);
                            Into y = t.out(beta, rows, width);
                            Into dx = t.out(beta, rows, width);
                            t.check(NEAR, SoftmaxKernel.class, k -> k.forward(x, y));
                            t.check(NEAR, SoftmaxKernel.class, k -> k.backward(p, dy, dx));
                        });
            }
        }
    }

    @Test
    @Covers("forward")
    void extremes() {
        float[] x = {1e4f, 1e4f, -1e4f, Float.NEGATIVE_INFINITY, 9999f, 0f, -0f};
        rig.trial(
                "softmax of extremes",
                t -> {
                    Tensor in = t.of(DType.F32, Shape.of(3, x.length), i -> x[(int) i % x.length]);
                    Into y = t.out(0, 3, x.length);
                    t.check(NEAR, SoftmaxKernel.class, k -> k.forward(in, y));
                });
    }

    @Test
    @Covers({"forward", "backward"})
    void narrow_types() {
        for (DType[] types : Cases.NARROW) {
            rig.trial(
                    "softmax " + types[0] + " and " + types[1],
                    t -> {
                        Tensor x = t.in(types[0], 70, 33);
                        Tensor dy = t.in(types[1], 70, 33);
                        Into y = t.out(types[1], 0, 70, 33);
                        Into dx = t.out(types[0], 0.5f, 70, 33);
                        double near = Cases.NARROW_NEAR;
                        t.check(NEAR, near, SoftmaxKernel.class, k -> k.forward(x, y));
                        t.check(near, near, SoftmaxKernel.class, k -> k.backward(x, dy, dx));
                    });
        }
    }

    @Test
    @Covers({"forward", "backward"})
    void doubles() {
        rig.trial(
                "softmax F64",
                t -> {
                    Tensor x = t.in(DType.F64, 5, 33);
                    Tensor dy = t.in(DType.F64, 5, 33);
                    Into y = t.out(DType.F64, 0, 5, 33);
                    t.check(1e-14, SoftmaxKernel.class, k -> k.forward(x, y));
                    t.check(1e-14, SoftmaxKernel.class, k -> k.backward(x, dy, y));
                });
    }
}
