package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
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

class CrossEntropyTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(min = 0, max = 4) int n,
            @ForAll("extents") int words,
            @ForAll @DoubleRange(min = 0, max = 1) double smoothing,
            @ForAll long seed) {
        Var labels = Var.of(Tensors.ids(seed, words, n));
        CrossEntropy op = new CrossEntropy(0.3, smoothing);
        Gradients.check(v -> op.apply(v[0], labels), Tensors.randn(seed + 1, n, words));
        Gradients.check(
                v -> op.apply(v[0].scale(2), labels).scale(3), Tensors.randn(seed + 1, n, words));
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(min = 0, max = 5) int n,
            @ForAll @IntRange(min = 1, max = 40) int words,
            @ForAll @DoubleRange(min = 0, max = 1) double smoothing,
            @ForAll long seed) {
        CrossEntropy op = new CrossEntropy(0.3, smoothing);
        OpAssertions.assertSameOnAllDevices(
                v -> op.apply(v[0], v[1]),
                Tensors.randn(seed + 1, n, words),
                Tensors.ids(seed, words, n));
    }

    /** As PyTorch's cross_entropy with label_smoothing=0.2 and reduction="sum". */
    @Test
    void rowsThatDoNotCountAndSmoothing() {
        Var z = Var.of(Tensor.of(REFERENCE, Shape.of(2, 3), 1.0, 2.0, 4.0, 9.0, 8.0, 7.0));
        Var labels = Var.of(Tensor.of(REFERENCE, Shape.of(2), 1, -100));
        double lse = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(4));
        double expected = lse - 0.8 * 2 - 0.2 * 7 / 3;
        assertEquals(expected, new CrossEntropy(1, 0.2).apply(z, labels).item(), 1e-12);
    }

    /** As PyTorch's cross_entropy with reduction="sum", value and gradient. */
    @Test
    void lossAndGradientOfThreeRows() {
        check(
                new int[] {1, -100, 2},
                0.2,
                2.6357299233137153,
                new double[] {
                    -0.024656600532601,
                    -0.752471467282072,
                    0.777128067814673,
                    0,
                    0,
                    0,
                    -0.020054044088693,
                    -0.049518841121146,
                    0.069572885209839
                });
        check(
                new int[] {1, -100, 2},
                0,
                2.235729923313715,
                new double[] {
                    0.042010066134066,
                    -0.885804800615406,
                    0.843794734481339,
                    0,
                    0,
                    0,
                    0.046612622577974,
                    0.01714782554552,
                    -0.063760448123494
                });
        check(
                new int[] {2, 1, 0},
                0.1,
                4.7433358877580964,
                new double[] {
                    0.008676732800733, 0.080861866051261, -0.089538598851994,
                    0.631907622441488, -0.688604862278536, 0.056697239837047,
                    -0.886720710755359, -0.016185507787813, 0.902906218543172
                });
        check(
                new int[] {0, 0, 0},
                1,
                5.643335887758096,
                new double[] {
                    -0.291323267199267, -0.219138133948739, 0.510461401148006,
                    0.331907622441488, -0.088604862278536, -0.243302760162953,
                    -0.286720710755359, -0.316185507787813, 0.602906218543172
                });
        check(new int[] {-100, -100, -100}, 0.1, 0, new double[9]);
    }

    /** On both devices: F64 and F32. */
    private static void check(int[] labels, double smoothing, double loss, double... gradient) {
        double[] z = {1, 2, 4, 9, 8, 7, 0, -1, 3};
        for (String device : List.of("reference", "cpu")) {
            boolean isExact = device.equals("reference");
            Device on = Devices.get(device);
            DType type = isExact ? DType.F64 : DType.F32;
            Tensor logits = Tensor.generate(on, type, Shape.of(3, 3), i -> z[(int) i]);
            try (Parameter p = Parameter.of("z", logits);
                    var _ = Tape.open()) {
                Var y =
                        new CrossEntropy(1, smoothing)
                                .apply(p, Var.of(Tensor.of(on, Shape.of(3), labels)));
                assertEquals(loss, y.item(), isExact ? 1e-14 : 2e-6);
                y.backward();
                assertArrayEquals(gradient, p.gradient().toArray(), isExact ? 1e-14 : 2e-7);
            }
        }
    }

    /** The same loss and gradients as of an output layer in one with it. */
    @Test
    void agreesWithTheOutputLayer() {
        Var h = Var.of(Tensors.randn(1, 4, 5));
        Var w = Var.of(Tensors.randn(2, 7, 5));
        Var labels = Var.of(Tensors.ids(3, 7, 4));
        double inOne = new LinearCrossEntropy(0.5, 2).apply(h, w, labels).item();
        Var logits = new Linear(false).apply(h, w).softCap(2);
        assertEquals(inOne, new CrossEntropy(0.5, 0).apply(logits, labels).item(), 1e-12);
    }

    @Test
    void keepsWhatBackwardReads() {
        assertEquals(
                3 * 5 * 8 + 3 * 4 + 3 * 8,
                Gradients.saved(
                        v -> new CrossEntropy(1, 0).apply(v),
                        new boolean[] {true, false},
                        Tensors.randn(1, 3, 5),
                        Tensors.ids(2, 5, 3)),
                "logits, labels and lse");
    }

    @Test
    void wrongShapesAndLabelsAreNamed() {
        CrossEntropy op = new CrossEntropy(1, 0);
        Var z = Var.of(Tensors.randn(1, 2, 3));
        Var three = Var.of(Tensor.of(REFERENCE, Shape.of(3), 0, 1, 2));
        Var labels = Var.of(Tensor.of(REFERENCE, Shape.of(2), -1, 3));
        Gradients.rejects(
                () -> op.apply(z, three), "needs logits [N,V], labels [N]", "I32[3]@reference");
        Gradients.rejects(
                () -> op.apply(z, labels), "id 3 at index 1 is outside the 3 words of the logits");
        Gradients.rejects(
                () -> new CrossEntropy(1, 2).apply(z, labels), "needs a smoothing in [0, 1]");
    }
}
