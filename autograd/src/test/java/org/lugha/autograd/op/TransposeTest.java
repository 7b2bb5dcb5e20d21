package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

class TransposeTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 3) int a,
            @ForAll @IntRange(max = 3) int b,
            @ForAll long seed) {
        int i = a % shape.rank();
        int j = b % shape.rank() - shape.rank();
        Tensor x = Tensors.randn(seed, shape);
        OpAssertions.assertGradient(v -> v[0].transpose(i, j), x);
        OpAssertions.assertGradient(v -> reused(v[0].scale(2), i, j), x);
    }

    private static Var reused(Var x, int i, int j) {
        Var y = x.transpose(i, j);
        return y.mul(y).sum().add(x.sum()).add(x.transpose(j, i).sum());
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 3) int a,
            @ForAll @IntRange(max = 3) int b,
            @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].transpose(a % shape.rank(), b % shape.rank()),
                Tensors.randn(seed, shape));
    }

    @Test
    void valueByHand() {
        Var x = Var.of(Tensor.of(REFERENCE, Shape.of(2, 3), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0));
        Tensor y = x.transpose(0, -1).value();
        assertEquals(Shape.of(3, 2), y.shape());
        assertArrayEquals(new double[] {1, 4, 2, 5, 3, 6}, y.toArray());
        assertTrue(y.layout().isContiguous());
    }

    @Test
    void keepsNothing() {
        assertEquals(
                0,
                Gradients.saved(
                        v -> v[0].transpose(0, 1), new boolean[] {true}, Tensors.randn(1, 3, 5)));
    }

    @Test
    void wrongAxesAreNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 3));
        Gradients.rejects(
                () -> x.transpose(0, 2),
                "Transpose[a=0, b=2]: axis 2 does not exist, axes are 0 to 1, got F64[2, 3]");
        Gradients.rejects(() -> x.transpose(-3, 0), "axis -3 does not exist");
    }
}
