package org.lugha.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.Values;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Unary;

class GradCheckTest implements Tensors {
    /** {@code y = x^3}; its gradient {@code 3 x^2 dy} is wrong by a factor at one element. */
    record Skewed(long element, double factor) implements Op {
        @Override
        public Tensor forward(Context ctx, Tensor... in) {
            Tensor x = in[0];
            ctx.keep(0);
            return Tensor.generate(x.device(), x.dtype(), x.shape(), i -> Math.pow(x.get(i), 3));
        }

        @Override
        public void backward(Context ctx, Tensor dy) {
            Tensor x = ctx.input(0);
            Tensor dx =
                    Tensor.generate(
                            x.device(),
                            x.dtype(),
                            x.shape(),
                            i -> 3 * x.get(i) * x.get(i) * dy.get(i) * (i == element ? factor : 1));
            x.device().kernels().elementwise().scale(1, dx, ctx.grad(0));
        }
    }

    /** {@code y = x}, with a backward that writes nothing. */
    record Silent() implements Op {
        @Override
        public Tensor forward(Context ctx, Tensor... in) {
            return in[0].copy(in[0].dtype());
        }

        @Override
        public void backward(Context ctx, Tensor dy) {}
    }

    @Property
    void aSmallErrorInOneElementIsCaught(
            @ForAll @org.lugha.autograd.testkit.Shape(maxRank = 4) @Values(from = 0.2) Tensor x,
            @ForAll long seed) {
        long element = Math.floorMod(seed, x.count());
        assertTrue(GradCheck.worst(v -> new Skewed(-1, 1).apply(v), x) < 1e-8);
        GradCheck.Report r =
                GradCheck.of(v -> new Skewed(element, 1.0001).apply(v)).inputs(x).brief();
        assertTrue(r.error() > 1e-6, r::toString);
        assertEquals(element, r.index());
        assertEquals(r.error(), GradCheck.worst(v -> new Skewed(element, 1.0001).apply(v), x));
    }

    @Test
    void itIsCaughtInTheMiddleOfAComputationAndTheOpIsNamed() {
        Tensor x = Tensors.randn(1, 3, 5);
        Tensor w = Tensors.randn(2, 4, 5);
        GradCheck.Report r =
                GradCheck.report(
                        v -> new Skewed(7, 1.0001).apply(v[0].softmax()).linear(v[1]), x, w);
        assertFalse(r.passes(1e-6), r::toString);
        assertEquals(0, r.input());
        assertEquals("Linear[inOut=false]", r.op());
        assertTrue(
                r.toString()
                        .contains(
                                "of the 3 ops here one is wrong by itself: Skewed[element=7, factor=1.0001]: gradient of input 0 at ["),
                r::toString);
    }

    /** Here a constant is made of an input. */
    @Test
    void opsThatAreRightByThemselvesAreSaidToBe() {
        GradCheck.Report r =
                GradCheck.report(
                        v -> Var.of(v[0].value()).mul(v[0]).scale(2).add(v[0]),
                        Tensors.randn(1, 3));
        assertFalse(r.passes(1e-6), r::toString);
        assertTrue(
                r.toString().contains("each of the 3 ops here is right by itself: look at how"),
                r::toString);
    }

    @Test
    void aSmallCaseIsFound() {
        GradCheck.Report r =
                GradCheck.report(
                        v -> v[0].linear(new Skewed(2, 1.5).apply(v[1])),
                        Tensors.randn(1, 5, 7),
                        Tensors.randn(2, 4, 7));
        assertEquals(List.of("F64[5, 7]", "F64[4, 7]"), r.inputs());
        assertEquals(List.of(0, 2), Arrays.stream(r.coordinates()).boxed().toList());
        assertTrue(r.toString().contains("fails in the small too: F64[1, 1] [0.6"), r::toString);
        assertTrue(
                r.toString().contains("], F64[3, 1] [") && r.toString().endsWith("0.333"),
                r::toString);
    }

    @Test
    void onlyChosenInputsAndElementsAreChecked() {
        Tensor x = Tensors.randn(1, 4);
        int[] runs = new int[1];
        Function<Var[], Var> f =
                v -> {
                    runs[0]++;
                    return v[0].mul(new Skewed(2, 2).apply(v[1]));
                };
        assertEquals(0, GradCheck.of(f).inputs(x, x).only(0).check().errors().get(1));
        AssertionError e =
                assertThrows(
                        AssertionError.class, () -> GradCheck.of(f).inputs(x, x).only(1).check());
        assertTrue(e.getMessage().contains("gradient of input 1 at [2] (element 2)"), e::toString);
        GradCheck.of(f).inputs(x, x).tolerance(0.6).check();
        runs[0] = 0;
        assertTrue(GradCheck.of(f).inputs(x, x).only(0).report().passes(1e-6));
        int all = runs[0];
        runs[0] = 0;
        assertTrue(GradCheck.of(f).inputs(x, x).only(0).sampling(2).report().passes(1e-6));
        assertEquals(all - 4, runs[0], "two evaluations an element");
    }

    /** {@code y = c x} with another c at every run, or at every backward. */
    record Moody(int[] runs, boolean inBackward) implements Op {
        @Override
        public Tensor forward(Context ctx, Tensor... in) {
            double c = inBackward ? 1 : runs[0]++;
            return Tensor.generate(in[0].device(), DType.F64, in[0].shape(), i -> c * in[0].get(i));
        }

        @Override
        public void backward(Context ctx, Tensor dy) {
            dy.device().kernels().elementwise().scale(++runs[0], dy, ctx.grad(0));
        }

        @Override
        public String toString() {
            return "Moody";
        }
    }

    @Test
    void twoRunsThatDisagreeAreSaidToInsteadOfAnError() {
        Tensor x = leaf(2, 3);
        Moody moody = new Moody(new int[1], false);
        GradCheck.Report value = GradCheck.report(v -> moody.apply(v), x);
        assertEquals(GradCheck.Finding.VALUE_OF_TWO_RUNS, value.finding());
        assertFalse(value.passes(1e9));
        assertTrue(value.toString().contains("not deterministic: the value at [0] is 0.0 in one"));
        Moody back = new Moody(new int[1], true);
        GradCheck.Report gradient = GradCheck.report(v -> v[1].add(back.apply(v[0])), x, x);
        assertEquals(GradCheck.Finding.GRADIENT_OF_TWO_RUNS, gradient.finding());
        assertTrue(
                gradient.toString().contains("not deterministic: gradient of input 0 at [0] is"),
                gradient::toString);
        GradCheck.Report recorded =
                GradCheck.report(v -> v[0] instanceof Parameter ? v[0].scale(2) : v[0], x);
        assertEquals(GradCheck.Finding.VALUE_WHEN_RECORDED, recorded.finding());
        assertTrue(
                recorded.toString().contains("the value at [0] is 2.0 without a tape and 4.0 with"),
                recorded::toString);
    }

    @Test
    void whatIsNotANumberOrMissingIsCaught() {
        Tensor x = Tensors.randn(1, 3);
        assertFalse(
                GradCheck.worst(v -> new Skewed(1, Double.NaN).apply(v), x) < 1e-6, "not a number");
        assertFalse(
                GradCheck.worst(v -> new Skewed(1, Double.POSITIVE_INFINITY).apply(v), x) < 1e-6,
                "infinite");
        assertEquals(1, GradCheck.worst(v -> new Silent().apply(v), x));
        assertEquals(
                1, GradCheck.worst(v -> v[0].add(new Silent().apply(v[1])), x, x), "second input");
    }

    @Test
    void theReportSaysWhere() {
        GradCheck.Report r =
                GradCheck.report(
                        v -> new Skewed(2, 2).apply(v[1]),
                        leaf(0, 0),
                        Tensor.of(REFERENCE, Shape.of(2, 2), 1.0, 2.0, 2.0, 3.0));
        assertEquals("Skewed[element=2, factor=2.0]", r.op());
        assertEquals(1, r.input());
        assertEquals(2, r.index());
        assertEquals(0.5, r.error(), 1e-6);
        assertEquals(r.numeric() * 2, r.analytic(), 1e-6);
        assertEquals(Math.abs(r.numeric()), r.absolute(), 1e-6);
        assertTrue(r.doubt() > 0 && r.doubt() < 1e-6, r::toString);
        assertEquals(List.of(0.0, r.error()), r.errors());
        assertTrue(
                r.toString()
                        .startsWith(
                                "Skewed[element=2, factor=2.0]: gradient of input 1 at [1, 0] (element 2) is"),
                r.toString());
    }

    private static Tensor leaf(double... values) {
        return Tensor.of(REFERENCE, Shape.of(values.length), values);
    }

    @Test
    void difficultSlopesPass() {
        Tensor small = leaf(1e-3, -2e-3, 3e-4);
        Tensor one = leaf(1, 1, 1);
        assertPasses(v -> v[0].rmsNorm(v[1], 1e-12), small, one);
        assertPasses(v -> v[0].scale(30).softmax(), leaf(0.1, 0.9, -0.5));
        assertPasses(v -> v[0].activation(Unary.RELU), leaf(1e-4, -1e-4, 2));
        assertPasses(v -> v[0].mul(v[0]).mul(v[0]), leaf(1e-9, 1e5, 0, -7));
        assertPasses(v -> v[0].scale(1e-12), leaf(1, 2));
        assertPasses(v -> v[0].activation(Unary.SIGMOID), leaf(40, -40, 0));
    }

    private static void assertPasses(Function<Var[], Var> f, Tensor... inputs) {
        GradCheck.Report r = GradCheck.report(f, inputs);
        assertTrue(r.error() < 1e-6, r::toString);
    }

    @Test
    void whatDependsOnNothingHasNoError() {
        assertEquals(0, GradCheck.worst(v -> Var.of(leaf(1, 2)), leaf(3)));
        assertEquals(0, GradCheck.worst(v -> v[0].scale(2), leaf(3), leaf(4)));
    }

    @Test
    void inputsComeBackAsTheyWere() {
        Tensor x = Tensors.randn(1, 4);
        double[] before = x.toArray();
        GradCheck.worst(v -> v[0].softmax(), x);
        assertEquals(Arrays.toString(before), Arrays.toString(x.toArray()));
    }

    @Test
    void onlyF64OnAHostIsChecked() {
        Tensor x = Tensor.randn(REFERENCE, DType.F32, Shape.of(2), 1);
        Gradients.rejects(
                () -> GradCheck.worst(v -> v[0].softmax(), x),
                "gradient check: needs F64",
                "input 0 is F32[2]@reference");
        Gradients.rejects(
                () -> GradCheck.worst(v -> v[0], Tensors.ids(1, 5, 3)),
                "gradient check: needs an F64 input to differentiate with respect to, got"
                        + " [I32[3]@reference]");
    }
}
