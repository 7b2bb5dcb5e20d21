package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class SubTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor a = Tensors.randn(seed, shape);
        Tensor b = Tensors.randn(seed + 1, shape);
        OpAssertions.assertGradient(v -> v[0].sub(v[1]), a, b);
        OpAssertions.assertGradient(v -> v[0].scale(2).sub(v[0]).sub(v[1].scale(3)), a, b);
    }

    @Property
    void agreesOnAllDevices(@ForAll("shapes") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].sub(v[1]), Tensors.randn(seed, shape), Tensors.randn(seed + 1, shape));
    }

    @Test
    void valueByHand() {
        Var a = Var.of(Tensor.of(REFERENCE, Shape.of(3), 1.0, 2.0, 3.0));
        Var b = Var.of(Tensor.of(REFERENCE, Shape.of(3), 4.0, -2.0, 0.5));
        assertArrayEquals(new double[] {-3, 4, 2.5}, a.sub(b).value().toArray());
        assertArrayEquals(new double[3], a.sub(a).value().toArray());
    }

    @Test
    void keepsNothing() {
        Tensor x = Tensors.randn(1, 3, 5);
        assertEquals(0, Gradients.saved(v -> v[0].sub(v[1]), new boolean[] {true, true}, x, x));
    }

    @Test
    void wrongShapesAreNamed() {
        Var a = Var.of(Tensors.randn(1, 6));
        Var b = Var.of(Tensors.randn(1, 3, 2));
        Gradients.rejects(
                () -> a.sub(b), "Sub[]: needs two tensors of one shape", "F64[6]", "F64[3, 2]");
    }
}
