package org.lugha.runtime.conformance;

import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.RopeKernel;

@Family(RopeKernel.class)
record RopeConformanceTest(Rig rig) {
    /** B, T, H, D, R. */
    private static final int[][] SHAPES = {
        {1, 1, 1, 2, 2},
        {1, 1, 1, 3, 2},
        {2, 5, 3, 8, 8},
        {2, 7, 2, 16, 6},
        {1, 13, 4, 24, 24},
        {3, 4, 5, 34, 34},
        {2, 17, 2, 64, 64},
        {1, 31, 3, 80, 32},
        {2, 9, 1, 128, 128},
        {1, 3, 2, 100, 26},
        {2, 0, 2, 16, 16},
        {5, 40, 6, 64, 64},
        {2, 201, 4, 80, 64},
    };

    @Test
    @Covers("rotate")
    void rotate() {
        int number = 0;
        for (int[] s : SHAPES) {
            for (boolean inverse : new boolean[] {false, true}) {
                float beta = Cases.beta(number++);
                rig.trial(
                        "rope B %d T %d H %d D %d R %d inverse %s beta %s"
                                .formatted(s[0], s[1], s[2], s[3], s[4], inverse, beta),
                        t -> rotate(t, DType.F32, DType.F32, s, inverse, beta));
            }
        }
        rig.trial("rope F64", t -> rotate(t, DType.F64, DType.F64, SHAPES[3], false, 0));
        for (DType[] types : Cases.NARROW) {
            for (int shape : new int[] {4, 5, 10}) {
                float beta = Cases.beta(number++);
                rig.trial(
                        "rope " + types[0] + " and " + types[1] + " beta " + beta,
                        t -> rotate(t, types[0], types[1], SHAPES[shape], false, beta));
            }
        }
    }

    private static void rotate(
            Trial t, DType type, DType table, int[] s, boolean inverse, float beta) {
        int half = s[4] / 2;
        Tensor x = t.in(type, s[0], s[1], s[2], s[3]);
        Tensor positions = t.ids(50, s[0], s[1]);
        Tensor cos = t.of(table, Shape.of(50, half), i -> Math.cos(angle(i, half)));
        Tensor sin = t.of(table, Shape.of(50, half), i -> Math.sin(angle(i, half)));
        Into y = t.out(type, beta, s[0], s[1], s[2], s[3]);
        double near = type.bytes() == 2 ? Cases.NARROW_NEAR : 8 * Trial.EPS;
        t.check(near, near, RopeKernel.class, k -> k.rotate(x, positions, cos, sin, inverse, y));
    }

    private static double angle(long i, int half) {
        long position = i / half;
        return position * Math.pow(10_000, -(double) (i % half) / half);
    }
}
