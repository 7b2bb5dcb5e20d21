package org.lugha.runtime.cpu.pass;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.cpu.lane.Floats;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.cpu.lane.Powers;
import org.lugha.runtime.reference.RefUnary;
import org.lugha.runtime.spi.Unary;

class PowersTest {
    private interface Sweep {
        /** In place over n bytes of m; as many bytes behind them are free. */
        void over(MemorySegment m, long n);
    }

    private static float[] run(float[] x, Sweep sweep) {
        try (Arena arena = Arena.ofConfined()) {
            long n = 4 * Floats.whole(x.length + Lanes.N - 1);
            MemorySegment m = arena.allocate(2 * n, 64);
            MemorySegment.copy(x, 0, m, JAVA_FLOAT, 0, x.length);
            sweep.over(m, n);
            return Arrays.copyOf(m.asSlice(0, n).toArray(JAVA_FLOAT), x.length);
        }
    }

    private static final Sweep EXP = (m, n) -> Powers.exp(m, 0, 1, 0, m, 0, n);
    private static final Sweep EXP2 = (m, n) -> Powers.exp2(m, 0, n);

    private static Sweep value(Unary f) {
        return (m, n) -> {
            MemorySegment s = Arena.ofAuto().allocate(2 * n, 64);
            Gates.forward(f, m, Floats.NONE, s, 0, 0, n);
            MemorySegment.copy(s, 0, m, 0, n);
        };
    }

    private static float[] grid(double from, double to, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (from + (to - from) * i / (n - 1));
        }
        return x;
    }

    private static void assertUlps(double most, float[] x, Sweep f, DoubleUnaryOperator exact) {
        float[] y = run(x, f);
        for (int i = 0; i < x.length; i++) {
            double e = exact.applyAsDouble(x[i]);
            double ulps = Math.abs(y[i] - e) / Math.ulp((float) e);
            assertTrue(ulps <= most, "f(" + x[i] + ") = " + y[i] + ", off by " + ulps + " ulp");
        }
    }

    @Test
    void functions_are_accurate() {
        assertUlps(1, grid(-87.3, 88, 1 << 14), EXP, Math::exp);
        assertUlps(1, grid(-1, 1, 1 << 14), EXP, Math::exp);
        assertUlps(2, grid(-125.9, 20, 1 << 14), EXP2, x -> Math.pow(2, x));
        assertUlps(3, grid(-12, 12, 1 << 14), value(Unary.TANH), Math::tanh);
        assertUlps(3, grid(-1e-3, 1e-3, 1 << 10), value(Unary.TANH), Math::tanh);
        assertUlps(3, grid(-80, 30, 1 << 14), value(Unary.SIGMOID), x -> 1 / (1 + Math.exp(-x)));
        assertUlps(3, grid(-80, 90, 1 << 14), value(Unary.SOFTPLUS), PowersTest::softplus);
        assertUlps(3, grid(-80, 30, 1 << 14), value(Unary.SILU), x -> x / (1 + Math.exp(-x)));
        assertUlps(8, grid(-1, 9, 1 << 14), value(Unary.GELU), x -> RefUnary.value(Unary.GELU, x));
    }

    private static double softplus(double x) {
        return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
    }

    @Test
    void limits_are_exact() {
        float inf = Float.POSITIVE_INFINITY;
        float nan = Float.NaN;
        float oddNan = Float.intBitsToFloat(0x7fc00155);
        float[] x = {0f, -0f, -inf, nan, -1e30f, -88f, oddNan};
        assertArrayEquals(new float[] {1f, 1f, 0f, nan, 0f, 0f, nan}, run(x, EXP));
        float[] e = {0f, -0f, -inf, nan, -1e30f, -127f, 3f, -2f};
        assertArrayEquals(new float[] {1f, 1f, 0f, nan, 0f, 0f, 8f, .25f}, run(e, EXP2));
        float[] z = {0f, -inf, inf, nan, 40f, -40f};
        assertArrayEquals(new float[] {0f, -1f, 1f, nan, 1f, -1f}, run(z, value(Unary.TANH)));
        assertArrayEquals(
                new float[] {(float) Math.log(2), 0f, inf, nan, 40f, (float) Math.exp(-40)},
                run(z, value(Unary.SOFTPLUS)));
    }

    @Test
    void bits_are_the_same_cold_and_hot() {
        float[] x = grid(-90, 80, 1 << 10);
        Sweep all =
                (m, n) -> {
                    EXP.over(m, n);
                    value(Unary.GELU).over(m, n);
                    EXP2.over(m, n / 2);
                };
        float[] cold = run(x, all);
        for (int i = 0; i < 400; i++) {
            assertArrayEquals(cold, run(x, all));
        }
    }
}
