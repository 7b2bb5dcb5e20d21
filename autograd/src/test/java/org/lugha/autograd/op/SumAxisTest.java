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
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class SumAxisTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("shapes") Shape shape, @ForAll @IntRange(max = 3) int axis, @ForAll long seed) {
        int i = axis % shape.rank();
        Tensor x = Tensors.randn(seed, shape);
        OpAssertions.assertGradient(v -> v[0].sum(i), x);
        OpAssertions.assertGradient(v -> reused(v[0].scale(2), i - shape.rank()), x);
    }

    private static Var reused(Var x, int axis) {
        Var y = x.sum(axis);
        return x.mul(x).sum().add(y.mul(y).sum()).add(x.sum(axis).sum());
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("shapes") Shape shape, @ForAll @IntRange(max = 3) int axis, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].sum(axis % shape.rank()), Tensors.randn(seed, shape));
    }

    @Test
    void valueByHand() {
        Var x = Var.of(Tensor.of(REFERENCE, Shape.of(2, 3), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0));
        assertArrayEquals(new double[] {5, 7, 9}, x.sum(0).value().toArray());
        assertArrayEquals(new double[] {6, 15}, x.sum(-1).value().toArray());
        assertEquals(Shape.of(), x.view(6).sum(0).shape());
        Var nothing = Var.of(Tensors.randn(1, 2, 0, 3));
        assertArrayEquals(new double[6], nothing.sum(1).value().toArray());
    }

    @Test
    void keepsNothing() {
        assertEquals(
                0, Gradients.saved(v -> v[0].sum(1), new boolean[] {true}, Tensors.randn(1, 3, 5)));
    }

    @Test
    void wrongAxesAreNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 3));
        Gradients.rejects(
                () -> x.sum(2),
                "SumAxis[axis=2]: axis 2 does not exist, axes are 0 to 1, got F64[2, 3]");
        Gradients.rejects(() -> x.sum(-3), "SumAxis[axis=-3]: axis -3 does not exist");
    }
}
