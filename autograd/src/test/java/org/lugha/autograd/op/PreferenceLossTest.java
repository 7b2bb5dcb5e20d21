package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class PreferenceLossTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(min = 0, max = 4) int n,
            @ForAll @DoubleRange(min = 0.1, max = 2) double beta,
            @ForAll @DoubleRange(min = 0, max = 1) double smoothing,
            @ForAll long seed) {
        Tensor[] in = answers(n, seed);
        OpAssertions.assertGradient(v -> new PreferenceLoss(0.3, beta, smoothing).apply(v), in);
        OpAssertions.assertGradient(v -> new PreferenceLoss(0.3, beta).apply(v).scale(3), in);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(min = 0, max = 4) int n,
            @ForAll @DoubleRange(min = 0.1, max = 2) double beta,
            @ForAll @DoubleRange(min = 0, max = 1) double smoothing,
            @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> new PreferenceLoss(0.3, beta, smoothing).apply(v), answers(n, seed));
    }

    private static Tensor[] answers(int n, long seed) {
        Tensor[] in = new Tensor[4];
        for (int i = 0; i < 4; i++) {
            in[i] = Tensors.randn(seed + i, n);
        }
        return in;
    }

    /** As PyTorch's logsigmoid in the formula gives, the last pair with u = -299.9. */
    @Test
    void valueAndGradientOfThreePairs() {
        Tensor[] in = {
            Tensor.of(REFERENCE, Shape.of(3), -1.0, -5.0, -3000.0),
            Tensor.of(REFERENCE, Shape.of(3), -2.0, -4.0, -1.0),
            Tensor.of(REFERENCE, Shape.of(3), -1.5, -4.5, -1.0),
            Tensor.of(REFERENCE, Shape.of(3), -1.8, -4.2, -1.0)
        };
        Parameter[] p = new Parameter[4];
        for (int i = 0; i < 4; i++) {
            p[i] = Parameter.of("input " + i, in[i]);
        }
        try (var _ = Tape.open()) {
            Var loss = new PreferenceLoss(0.5, 0.1, 0.2).apply(p);
            assertEquals(120.65375955554872, loss.item(), 1e-12);
            loss.backward();
            double[] chosen = {-0.014125357116680514, -0.015874642883319492, -0.04};
            double[] rejected = {0.014125357116680514, 0.015874642883319492, 0.04};
            assertArrayEquals(chosen, p[0].gradient().toArray(), 1e-15);
            assertArrayEquals(rejected, p[1].gradient().toArray(), 1e-15);
            assertArrayEquals(rejected, p[2].gradient().toArray(), 1e-15);
            assertArrayEquals(chosen, p[3].gradient().toArray(), 1e-15);
        } finally {
            for (Parameter one : p) {
                one.close();
            }
        }
    }

    /** Margins of 100,000 either way: no overflow, and no gradient where the policy is right. */
    @Test
    void largeMarginsInF32() {
        for (Device device : new Device[] {REFERENCE, Devices.get("cpu")}) {
            Var zero = Var.of(Tensor.of(device, Shape.of(2), 0f, 0f));
            try (Parameter p = Parameter.of("p", Tensor.of(device, Shape.of(2), 1e5f, -1e5f));
                    var _ = Tape.open()) {
                Var loss = new PreferenceLoss(1, 1).apply(p, zero, zero, zero);
                assertEquals(1e5, loss.item());
                loss.backward();
                assertArrayEquals(new double[] {0, -1}, p.gradient().toArray(), 1e-30);
            }
        }
    }

    @Test
    void keepsOneNumberAPair() {
        boolean[] policy = {true, true, false, false};
        assertEquals(
                3 * 8,
                Gradients.saved(v -> new PreferenceLoss(1, 1).apply(v), policy, answers(3, 1)));
        assertEquals(
                0,
                Gradients.saved(
                        v -> new PreferenceLoss(1, 1).apply(v), new boolean[4], answers(3, 1)));
    }

    @Test
    void wrongShapesAndSmoothingsAreNamed() {
        Var three = Var.of(Tensors.randn(1, 3));
        Var two = Var.of(Tensors.randn(1, 2));
        Var square = Var.of(Tensors.randn(1, 1, 3));
        PreferenceLoss op = new PreferenceLoss(1, 0.1);
        String expected =
                "PreferenceLoss[scale=1.0, beta=0.1, smoothing=0.0]: needs log-probabilities [N] of"
                        + " chosen and rejected answers, by the policy and by the reference, got ";
        Gradients.rejects(() -> op.apply(three, three, two, three), expected, "F64[2]@reference");
        Gradients.rejects(() -> op.apply(three, three), expected);
        Gradients.rejects(() -> op.apply(square, square, square, square), expected);
        for (double s : new double[] {-0.1, 1.1, Double.NaN}) {
            Gradients.rejects(
                    () -> new PreferenceLoss(1, 1, s).apply(two, two, two, two),
                    "needs a smoothing in [0, 1]");
        }
    }
}
