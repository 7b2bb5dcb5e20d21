package org.lugha.models.spectrum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class IntrudersTest {
    private static final Device CPU = Devices.get("cpu");

    /** {@code U diag(s) V^T} with random U and V, plus {@code strength x y^T}. */
    private static Tensor matrix(double[] s, int out, int in, double strength) {
        double[][] u = ThinQr.of(SvdTest.random(1, s.length, out)).q();
        double[][] v = ThinQr.of(SvdTest.random(2, s.length, in)).q();
        double[] x = ThinQr.of(SvdTest.random(3, 1, out)).q()[0];
        double[] y = ThinQr.of(SvdTest.random(4, 1, in)).q()[0];
        return Tensor.generate(
                CPU,
                DType.F32,
                Shape.of(out, in),
                at -> {
                    int i = (int) (at / in);
                    int j = (int) (at % in);
                    double sum = strength * x[i] * y[j];
                    for (int k = 0; k < s.length; k++) {
                        sum += s[k] * u[k][i] * v[k][j];
                    }
                    return sum;
                });
    }

    private static double[] falling(int n) {
        double[] s = new double[n];
        for (int k = 0; k < n; k++) {
            s[k] = 10.0 / (1 + k);
        }
        return s;
    }

    @Test
    void nothingChangedHasNoIntruder() {
        try (var _ = Scope.open("test")) {
            Tensor w = matrix(falling(40), 60, 40, 0);
            Intruders none = Intruders.of(w, w, 5);
            assertArrayEquals(new double[] {10, 5, 10 / 3.0, 2.5, 2}, none.values(), 1e-3);
            assertArrayEquals(new double[] {1, 1, 1, 1, 1}, none.similarity(), 1e-3);
            assertEquals(0, none.count(0.5));
        }
    }

    @Test
    void aStrongUpdateOfRankOneIsOneIntruder() {
        try (var _ = Scope.open("test")) {
            for (int[] size : new int[][] {{60, 40}, {90, 130}}) {
                double[] s = falling(40);
                Tensor before = matrix(s, size[0], size[1], 0);
                Intruders found = Intruders.of(before, matrix(s, size[0], size[1], 20), 5);
                assertEquals(20, found.values()[0], 0.5);
                assertTrue(found.similarity()[0] < 0.5, "" + found.similarity()[0]);
                assertTrue(found.similarity()[1] > 0.9, "" + found.similarity()[1]);
                assertEquals(1, found.count(0.5));
                // A weak one changes no leading direction.
                assertEquals(
                        0, Intruders.of(before, matrix(s, size[0], size[1], 0.2), 3).count(0.5));
            }
        }
    }

    @Property
    void smallMatricesAreExact(@ForAll long seed) {
        try (var _ = Scope.open("test")) {
            double[][] before = SvdTest.random(seed, 5, 7);
            double[][] after = SvdTest.random(seed + 1, 5, 7);
            Intruders found = Intruders.of(tensor(before), tensor(after), 3);
            Svd old = Svd.of(before);
            Svd now = Svd.of(after);
            for (int j = 0; j < 3; j++) {
                double nearest = 0;
                for (double[] u : old.u()) {
                    nearest = Math.max(nearest, Math.abs(Vectors.dot(u, now.u()[j])));
                }
                assertEquals(now.s()[j], found.values()[j], 1e-4);
                assertEquals(nearest, found.similarity()[j], 1e-2);
            }
        }
    }

    private static Tensor tensor(double[][] columns) {
        int in = columns.length;
        return Tensor.generate(
                CPU,
                DType.F64,
                Shape.of(columns[0].length, in),
                at -> columns[(int) (at % in)][(int) (at / in)]);
    }
}
