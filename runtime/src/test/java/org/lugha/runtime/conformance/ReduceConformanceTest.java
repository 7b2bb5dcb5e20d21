package org.lugha.runtime.conformance;

import static org.lugha.runtime.conformance.Trial.near;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.ReduceKernel;

@Family(ReduceKernel.class)
record ReduceConformanceTest(Rig rig) {

    @Test
    @Covers("sumRows")
    void sum_rows() {
        for (int width : Cases.WIDTHS) {
            for (int rows : Cases.rows(width)) {
                float beta = Cases.beta(width + rows);
                rig.trial(
                        "sumRows " + rows + " x " + width + " beta " + beta,
                        t -> {
                            Tensor x = t.in(rows, width);
                            Into y = t.out(beta, width);
                            t.check(near(rows), ReduceKernel.class, k -> k.sumRows(x, y));
                        });
            }
        }
        rig.trial(
                "sumRows of three axes",
                t -> {
                    Tensor x = t.in(3, 5, 7);
                    Into y = t.out(1, 7);
                    t.check(near(15), ReduceKernel.class, k -> k.sumRows(x, y));
                });
    }

    /** Extents of A, N and B. */
    private static final int[][] AXES = {
        {1, 130, 33},
        {1, 70_001, 1},
        {1, 0, 1},
        {3, 1, 5},
        {3, 7, 1},
        {130, 33, 1},
        {701, 207, 1},
        {3, 0, 5},
        {0, 3, 5},
        {3, 5, 0},
        {2, 31, 17},
        {5, 4, 207},
        {2, 7, 1023},
        {2, 9, 2500},
        {40, 30, 100}
    };

    @Test
    @Covers("sumAxis")
    void sum_axis() {
        for (int[] axes : AXES) {
            for (float beta : Cases.BETAS) {
                String what = "sumAxis " + Shape.of(axes) + " beta " + beta;
                double near = near(axes[1]);
                rig.trial(
                        what,
                        t -> {
                            Tensor x = t.in(axes);
                            Into y = t.out(beta, axes[0], axes[2]);
                            t.check(near, ReduceKernel.class, k -> k.sumAxis(x, y));
                        });
                for (DType[] types : Cases.NARROW) {
                    double step = types[1] == DType.F32 ? near : Cases.NARROW_NEAR;
                    rig.trial(
                            what + " " + types[0] + " to " + types[1],
                            t -> {
                                Tensor x = t.in(types[0], axes);
                                Into y = t.out(types[1], beta, axes[0], axes[2]);
                                t.check(step, step, ReduceKernel.class, k -> k.sumAxis(x, y));
                            });
                }
                rig.trial(
                        what + " F64",
                        t -> {
                            Tensor x = t.in(DType.F64, axes);
                            Into y = t.out(DType.F64, beta, axes[0], axes[2]);
                            t.check(1e-13, ReduceKernel.class, k -> k.sumAxis(x, y));
                        });
            }
        }
    }

    @Test
    @Covers({"sum", "sumOfSquares"})
    void sums() {
        for (int n : Cases.LENGTHS) {
            for (DType to : new DType[] {DType.F32, DType.F64}) {
                for (float beta : Cases.BETAS) {
                    rig.trial(
                            "sum of " + n + " to " + to + " beta " + beta,
                            t -> {
                                Tensor x = t.in(n);
                                Into sum = t.out(to, beta, 1);
                                Into squares = t.out(to, beta, 1);
                                t.check(
                                        Math.min(near(n), 1e-5 * Math.max(1, n)),
                                        ReduceKernel.class,
                                        k -> k.sum(x, sum));
                                t.check(
                                        Math.min(near(n), 1e-5 * Math.max(1, n)),
                                        ReduceKernel.class,
                                        k -> k.sumOfSquares(x, squares));
                            });
                }
            }
        }
    }

    @Test
    @Covers("sumOfSquares")
    void squares_of_narrow_types() {
        for (DType dtype : new DType[] {DType.F32, DType.BF16, DType.F16}) {
            for (int n : new int[] {1, 63, 64, 65, 4097, 70_001}) {
                rig.trial(
                        "squares of " + n + " " + dtype,
                        t -> {
                            Tensor x = t.of(dtype, Shape.of(n), i -> (i % 7 - 3) * 2000.0);
                            Into y = t.out(DType.F64, 1, 1);
                            t.check(0, 1e-13, ReduceKernel.class, k -> k.sumOfSquares(x, y));
                        });
            }
        }
    }

    @Test
    @Covers({"sum", "sumOfSquares", "sumRows"})
    void other_types() {
        for (DType dtype : new DType[] {DType.F64, DType.BF16}) {
            rig.trial(
                    "sums of " + dtype,
                    t -> {
                        Tensor x = t.in(dtype, 5, 33);
                        Into y = t.out(DType.F64, 1, 1);
                        Into rows = t.out(DType.F64, 1, 33);
                        t.check(1e-13, ReduceKernel.class, k -> k.sum(x, y));
                        t.check(1e-13, ReduceKernel.class, k -> k.sumOfSquares(x, y));
                        t.check(1e-13, ReduceKernel.class, k -> k.sumRows(x, rows));
                    });
        }
    }

    @Test
    @Covers("sumRows")
    void sum_rows_of_narrow_types() {
        for (DType[] types : Cases.NARROW) {
            rig.trial(
                    "sumRows of " + types[0] + " to " + types[1],
                    t -> {
                        Tensor x = t.in(types[0], 301, 33);
                        Into y = t.out(types[1], 0.5f, 33);
                        t.check(
                                near(301),
                                Cases.NARROW_NEAR,
                                ReduceKernel.class,
                                k -> k.sumRows(x, y));
                    });
        }
    }
}
