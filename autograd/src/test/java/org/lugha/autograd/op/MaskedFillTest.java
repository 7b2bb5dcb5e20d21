package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class MaskedFillTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 4) int leading,
            @ForAll long seed) {
        Tensor x = Tensors.randn(seed, shape);
        Tensor mask = mask(shape, leading, seed);
        MaskedFill op = new MaskedFill(-1.5);
        OpAssertions.assertGradient(v -> op.apply(v), x, mask);
        OpAssertions.assertGradient(v -> reused(v[0].scale(2), mask), x);
    }

    private static Var reused(Var x, Tensor mask) {
        Var y = x.maskedFill(mask, 0.5);
        return x.mul(x).add(y.mul(y)).add(x.maskedFill(mask, -2));
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 4) int leading,
            @ForAll long seed) {
        MaskedFill op = new MaskedFill(3);
        OpAssertions.assertSameOnAllDevices(
                v -> op.apply(v), Tensors.randn(seed, shape), mask(shape, leading, seed));
    }

    /** Of the shape without some of its leading axes; with numbers below 0 and above 1. */
    private static Tensor mask(Shape shape, int leading, long seed) {
        int from = Math.min(leading, shape.rank());
        int[] dims = Arrays.copyOfRange(shape.dims(), from, shape.rank());
        Tensor ids = Tensors.ids(seed, 4, dims);
        return Tensor.generate(REFERENCE, DType.I32, ids.shape(), i -> ids.get(i) - 1);
    }

    @Test
    void valueByHand() {
        Var x = Var.of(Tensor.of(REFERENCE, Shape.of(2, 3), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0));
        Tensor row = Tensor.of(REFERENCE, Shape.of(3), 0, 7, -1);
        double inf = Double.NEGATIVE_INFINITY;
        assertArrayEquals(
                new double[] {1, inf, inf, 4, inf, inf}, x.maskedFill(row, inf).value().toArray());
        Tensor one = Tensor.of(REFERENCE, Shape.of(2, 3), 0, 0, 0, 0, 1, 0);
        assertArrayEquals(new double[] {1, 2, 3, 4, 0, 6}, x.maskedFill(one, 0).value().toArray());
    }

    @Test
    void whatIsMaskedGetsNoGradient() {
        Tensor mask = Tensor.of(REFERENCE, Shape.of(3), 0, 1, 0);
        try (Parameter x = Parameter.of("x", Tensors.randn(1, 2, 3));
                var _ = Tape.open()) {
            x.maskedFill(mask, 1e9).scale(2).sum().backward();
            assertArrayEquals(new double[] {2, 0, 2, 2, 0, 2}, x.gradient().toArray());
        }
    }

    @Test
    void keepsTheMaskAlone() {
        assertEquals(0, saved(false));
        assertEquals(5 * 4, saved(true));
    }

    private static long saved(boolean x) {
        return Gradients.saved(
                v -> new MaskedFill(1).apply(v),
                new boolean[] {x, false},
                Tensors.randn(1, 3, 5),
                Tensors.ids(2, 2, 5));
    }

    @Test
    void wrongMasksAreNamed() {
        Var x = Var.of(Tensors.randn(1, 3, 2));
        String expected = "MaskedFill[value=1.0]: needs x [.., M] and a mask of its shape";
        Gradients.rejects(
                () -> x.maskedFill(Tensors.ids(1, 2, 3), 1),
                expected,
                "F64[3, 2]@reference, I32[3]@reference");
        Gradients.rejects(() -> x.maskedFill(Tensors.ids(1, 2, 1, 3, 2), 1), expected);
        Gradients.rejects(
                () -> x.maskedFill(Tensors.randn(1, 2), 1), "MaskedFill[value=1.0]: needs I32");
    }
}
