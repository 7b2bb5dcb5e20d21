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
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class KlDivergenceTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(min = 0, max = 4) int n,
            @ForAll("extents") int words,
            @ForAll @DoubleRange(min = 0.5, max = 4) double temperature,
            @ForAll long seed) {
        Tensor z = Tensors.randn(seed, n, words);
        Tensor t = Tensors.randn(seed + 1, n, words);
        OpAssertions.assertGradient(v -> v[0].klDivergence(v[1], 0.3, temperature), z, t);
        OpAssertions.assertGradient(
                v -> v[0].scale(2).klDivergence(v[1].scale(2), 0.3, temperature).scale(3), z, t);
        OpAssertions.assertGradient(v -> v[0].klDivergence(v[0], 0.3, temperature), z);
        OpAssertions.assertGradient(v -> self(v[0].scale(2)), z);
    }

    private static Var self(Var z) {
        return z.klDivergence(z, 1, 2);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(min = 0, max = 4) int n,
            @ForAll @IntRange(min = 2, max = 5) int words,
            @ForAll @DoubleRange(min = 0.5, max = 4) double temperature,
            @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].klDivergence(v[1], 0.3, temperature),
                Tensors.randn(seed, n, words),
                Tensors.randn(seed + 1, n, words));
    }

    /**
     * As PyTorch's {@code 0.3 T^2 kl_div(log_softmax(z / T), log_softmax(t / T), reduction="sum",
     * log_target=True)}.
     */
    @Test
    void valueAndGradientsOfThreeWords() {
        Tensor z = Tensor.of(REFERENCE, Shape.of(2, 3), 1.0, 2.0, 4.0, 9.0, 8.0, 7.0);
        Tensor t = Tensor.of(REFERENCE, Shape.of(2, 3), 0.5, 2.0, -1.0, 9.0, 8.0, 7.0);
        try (Parameter student = Parameter.of("z", z);
                Parameter teacher = Parameter.of("t", t);
                var _ = Tape.open()) {
            Var loss = student.klDivergence(teacher, 0.3, 2);
            assertEquals(0.6452865001035369, loss.item(), 1e-14);
            loss.backward();
            double[] dz = {-0.08301378361811075, -0.2151442596207981, 0.29815804323890877, 0, 0, 0};
            double[] dt = {0.024849112615397417, 0.14107522136812836, -0.1659243339835258, 0, 0, 0};
            assertArrayEquals(dz, student.gradient().toArray(), 1e-15);
            assertArrayEquals(dt, teacher.gradient().toArray(), 1e-15);
        }
    }

    @Test
    void equalLogitsGiveExactlyNothing() {
        for (Device device : new Device[] {REFERENCE, Devices.get("cpu")}) {
            for (double size : new double[] {1, 1e4}) {
                Tensor z = Tensor.rand(device, DType.F32, Shape.of(3, 40), -size, size, 1);
                try (Parameter student = Parameter.of("z", z);
                        Parameter teacher = Parameter.of("t", z.copy(DType.F32));
                        var _ = Tape.open()) {
                    Var loss = student.klDivergence(teacher, 1, 3);
                    assertEquals(0, loss.item());
                    loss.backward();
                    assertArrayEquals(new double[120], student.gradient().toArray());
                    assertArrayEquals(new double[120], teacher.gradient().toArray());
                }
            }
        }
    }

    /** By how much all logits of a row are larger does not matter, nor do words ruled out. */
    @Test
    void largeLogitsInF32() {
        for (Device device : new Device[] {REFERENCE, Devices.get("cpu")}) {
            float out = Float.NEGATIVE_INFINITY;
            Var z = Var.of(Tensor.of(device, Shape.of(1, 4), 4096f, 4097f, 4099f, out));
            Var t = Var.of(Tensor.of(device, Shape.of(1, 4), -8.5f, -7f, -10f, out));
            assertEquals(0.6452865001035369, z.klDivergence(t, 0.3, 2).item(), 1e-6);
        }
    }

    @Test
    void keepsFinishedGradientsAlone() {
        assertEquals(15 * 8, saved(true, false));
        assertEquals(2 * 15 * 8, saved(true, true));
        assertEquals(0, saved(false, false));
    }

    private static long saved(boolean... wanted) {
        return Gradients.saved(
                v -> v[0].klDivergence(v[1], 1, 2),
                wanted,
                Tensors.randn(1, 3, 5),
                Tensors.randn(2, 3, 5));
    }

    @Test
    void wrongShapesAndTemperaturesAreNamed() {
        Var z = Var.of(Tensors.randn(1, 2, 3));
        Gradients.rejects(
                () -> z.klDivergence(Var.of(Tensors.randn(1, 3, 2)), 1, 2),
                "KlDivergence[scale=1.0, temperature=2.0]: needs logits of the student and of the"
                        + " teacher [N,V], got F64[2, 3]@reference, F64[3, 2]@reference");
        for (double t : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            Gradients.rejects(() -> z.klDivergence(z, 1, t), "needs a temperature above 0");
        }
        Var none = Var.of(Tensors.randn(1, 2, 0));
        Gradients.rejects(() -> none.klDivergence(none, 1, 2), "F64[2, 0]@reference");
    }
}
