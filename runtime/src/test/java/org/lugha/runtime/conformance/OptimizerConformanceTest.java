package org.lugha.runtime.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.OptimizerKernel;

@Family(OptimizerKernel.class)
record OptimizerConformanceTest(Rig rig) {
    private static final AdamStep[] STEPS = {
        new AdamStep(1e-3, 0.9, 0.999, 1e-8, 0, 1, 1),
        new AdamStep(0.1, 0.9, 0.95, 1e-8, 0.1, 10, 0.25),
        new AdamStep(2e-4, 0.8, 0.999, 1e-6, 0.01, 100_000, 3),
    };

    @Test
    @Covers("adamW")
    void adam() {
        for (int n : Cases.LENGTHS) {
            for (AdamStep step : STEPS) {
                rig.trial("adamW of " + n + " " + step, t -> adam(t, DType.F32, step, n, 4e-7));
            }
        }
        for (DType g : new DType[] {DType.BF16, DType.F16}) {
            for (int n : new int[] {1, 17, 2048, 5003, 70_001}) {
                rig.trial("adamW of " + n + " with a master of " + g, t -> master(t, g, n));
            }
        }
        rig.trial("adamW F64", t -> adam(t, DType.F64, STEPS[1], 33, 1e-14));
        rig.trial("adamW BF16", t -> adam(t, DType.BF16, STEPS[1], 33, 0.01));
    }

    private static void adam(Trial t, DType type, AdamStep step, int n, double tolerance) {
        Tensor g = t.in(n);
        Into p = Into.add(t.in(type, n));
        Into m = Into.add(t.in(type == DType.F64 ? type : DType.F32, n));
        Into v =
                Into.add(
                        t.of(
                                type == DType.F64 ? type : DType.F32,
                                Shape.of(n),
                                i -> 0.001 + i % 10));
        t.check(tolerance, tolerance, OptimizerKernel.class, k -> k.adamW(step, g, p, m, v, null));
    }

    /** A rounded copy may differ by one of its steps where the master lies between two. */
    private static void master(Trial t, DType type, int n) {
        Tensor g = t.in(type, n);
        Into p = Into.add(t.in(n));
        Into m = Into.add(t.in(n));
        Into v = Into.add(t.of(DType.F32, Shape.of(n), i -> 0.001 + i % 10));
        Into rounded = t.out(type, 0, n);
        t.check(
                4e-7,
                type == DType.BF16 ? 0x1p-7 : 0x1p-10,
                OptimizerKernel.class,
                k -> k.adamW(STEPS[1], g, p, m, v, rounded));
    }

    /** The rounded copy is the master to the bit as it is rounded elsewhere. */
    @Test
    @Covers("adamW")
    void rounded_copy() {
        rig.trial(
                "rounded copy",
                t -> {
                    Tensor g = t.in(DType.BF16, 4099);
                    Tensor p = t.in(4099);
                    Into m = Into.add(t.in(4099));
                    Into v = Into.add(t.of(DType.F32, Shape.of(4099), i -> 0.01 + i % 3));
                    Tensor rounded = t.in(DType.BF16, 4099);
                    rig.oracle()
                            .optimizer()
                            .adamW(STEPS[1], g, Into.add(p), m, v, Into.overwrite(rounded));
                    assertArrayEquals(p.copy(DType.BF16).toArray(), rounded.toArray());
                });
    }

    /** The state of a first step is zero. */
    @Test
    @Covers("adamW")
    void first_step() {
        rig.trial(
                "first step",
                t -> {
                    Tensor g = t.of(DType.F32, Shape.of(9), i -> i < 3 ? 0 : (i - 5) * 1e-4);
                    Into p = Into.add(t.in(9));
                    Into m = Into.add(t.of(DType.F32, Shape.of(9), _ -> 0));
                    Into v = Into.add(t.of(DType.F32, Shape.of(9), _ -> 0));
                    t.check(
                            1e-6,
                            1e-6,
                            OptimizerKernel.class,
                            k -> k.adamW(STEPS[0], g, p, m, v, null));
                });
    }
}
