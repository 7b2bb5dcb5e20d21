package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class MeanAxisTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("shapes") Shape shape, @ForAll @IntRange(max = 3) int axis, @ForAll long seed) {
        int i = axis % shape.rank();
        Tensor x = Tensors.randn(seed, shape);
        OpAssertions.assertGradient(v -> v[0].mean(i), x);
        OpAssertions.assertGradient(v -> reused(v[0].scale(2), i - shape.rank()), x);
    }

    private static Var reused(Var x, int axis) {
        Var y = x.mean(axis);
        return x.mul(x).sum().add(y.mul(y).sum()).add(x.mean(axis).sum());
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("shapes") Shape shape, @ForAll @IntRange(max = 3) int axis, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].mean(axis % shape.rank()), Tensors.randn(seed, shape));
    }

    @Test
    void valueByHand() {
        Var x = Var.of(Tensor.of(REFERENCE, Shape.of(2, 3), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0));
        assertArrayEquals(new double[] {2.5, 3.5, 4.5}, x.mean(0).value().toArray());
        assertArrayEquals(new double[] {2, 5}, x.mean(-1).value().toArray());
    }

    /** The sum of these does not fit into F16. */
    @Test
    void halvesAreAddedUpAsFloats() {
        Var x = Var.of(Tensor.full(REFERENCE, DType.F16, Shape.of(2, 5), 30_000));
        Tensor y = x.mean(1).value();
        assertEquals(DType.F16, y.dtype());
        assertArrayEquals(new double[] {30_000, 30_000}, y.toArray());
    }

    @Test
    void keepsNothing() {
        assertEquals(
                0,
                Gradients.saved(v -> v[0].mean(1), new boolean[] {true}, Tensors.randn(1, 3, 5)));
    }

    @Test
    void wrongAxesAreNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 3));
        Gradients.rejects(
                () -> x.mean(2), "MeanAxis[axis=2]: axis 2 does not exist", "F64[2, 3]@reference");
        Var nothing = Var.of(Tensors.randn(1, 2, 0));
        Gradients.rejects(
                () -> nothing.mean(1), "needs at least one element along that axis, got F64[2, 0]");
        assertEquals(Shape.of(0), nothing.mean(0).shape());
    }
}
