package org.lugha.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class LanesTest {
    private static float[] map(float[] x, UnaryOperator<FloatVector> f) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i += Lanes.N) {
            f.apply(FloatVector.fromArray(Lanes.F, x, i)).intoArray(y, i);
        }
        return y;
    }

    private static float[] grid(double from, double to, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) (from + (to - from) * i / (n - 1));
        }
        return x;
    }

    private static float[] padded(float... values) {
        float[] x = new float[(values.length + Lanes.N - 1) / Lanes.N * Lanes.N];
        System.arraycopy(values, 0, x, 0, values.length);
        return x;
    }

    private static void assertUlps(
            double most, float[] x, UnaryOperator<FloatVector> f, DoubleUnaryOperator exact) {
        float[] y = map(x, f);
        for (int i = 0; i < x.length; i++) {
            double e = exact.applyAsDouble(x[i]);
            double ulps = Math.abs(y[i] - e) / Math.ulp((float) e);
            assertTrue(ulps <= most, "f(" + x[i] + ") = " + y[i] + ", off by " + ulps + " ulp");
        }
    }

    @Test
    void functions_are_accurate() {
        assertUlps(1, grid(-87.3, 88.7, 1 << 16), Lanes::exp, Math::exp);
        assertUlps(1, grid(-1, 1, 1 << 16), Lanes::exp, Math::exp);
        assertUlps(3, grid(-12, 12, 1 << 16), Lanes::tanh, Math::tanh);
        assertUlps(3, grid(-1e-3, 1e-3, 1 << 10), Lanes::tanh, Math::tanh);
        assertUlps(3, grid(-80, 30, 1 << 16), Lanes::sigmoid, x -> 1 / (1 + Math.exp(-x)));
    }

    @Test
    void limits_are_exact() {
        float inf = Float.POSITIVE_INFINITY;
        float nan = Float.NaN;
        float oddNan = Float.intBitsToFloat(0x7fc00155);
        float[] x = padded(0f, -0f, -inf, inf, nan, -1e30f, 1e30f, -88f, oddNan);
        assertArrayEquals(
                padded(1f, 1f, 0f, inf, nan, 0f, inf, 0f, nan), head(map(x, Lanes::exp), 9));
        float[] z = padded(0f, -inf, inf, nan, 40f, -40f);
        assertArrayEquals(padded(0f, -1f, 1f, nan, 1f, -1f), head(map(z, Lanes::tanh), 6));
        assertArrayEquals(padded(.5f, 0f, 1f, nan, 1f), head(map(z, Lanes::sigmoid), 5));
    }

    private static float[] head(float[] x, int n) {
        float[] y = new float[x.length];
        System.arraycopy(x, 0, y, 0, n);
        return y;
    }

    @Test
    void sums_are_trees_and_max_is_max() {
        float[] x = grid(-1, 1.7, Lanes.N);
        FloatVector v = FloatVector.fromArray(Lanes.F, x, 0);
        float[] tree = x.clone();
        for (int half = Lanes.N / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                tree[i] += tree[i + half];
            }
        }
        assertEquals(tree[0], Lanes.sum(v));
        assertEquals(1.7f, Lanes.max(v));
    }

    @Test
    void bits_are_the_same_cold_and_hot() {
        float[] x = grid(-90, 90, 1 << 10);
        UnaryOperator<FloatVector> all =
                v ->
                        Lanes.exp(v)
                                .add(Lanes.tanh(v))
                                .add(Lanes.sigmoid(v))
                                .add(Lanes.sum(v.mul(0.1f)));
        float[] cold = map(x, all);
        for (int i = 0; i < 400; i++) {
            assertArrayEquals(cold, map(x, all));
        }
    }
}
