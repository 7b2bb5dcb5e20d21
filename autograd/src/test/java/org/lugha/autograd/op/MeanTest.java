package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class MeanTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Tensors.randn(seed, shape);
        OpAssertions.assertGradient(v -> v[0].mean(), x);
        OpAssertions.assertGradient(v -> v[0].mul(v[0]).mean().add(v[0].scale(2).mean()), x);
    }

    @Property
    void agreesOnAllDevices(@ForAll("shapes") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(v -> v[0].mean(), Tensors.randn(seed, shape));
    }

    @Test
    void valueByHand() {
        Var x = Var.of(Tensor.of(REFERENCE, Shape.of(2, 2), 1.0, 2.0, 3.0, 8.0));
        assertEquals(3.5, x.mean().item());
        assertEquals(Shape.of(), x.mean().shape());
    }

    /** The sum of these does not fit into F16. */
    @Test
    void halvesAreAddedUpAsFloats() {
        Var x = Var.of(Tensor.full(REFERENCE, DType.F16, Shape.of(5), 30_000));
        assertEquals(30_000, x.mean().item());
    }

    @Test
    void keepsNothing() {
        assertEquals(
                0, Gradients.saved(v -> v[0].mean(), new boolean[] {true}, Tensors.randn(1, 3, 5)));
    }

    @Test
    void nothingHasNoMean() {
        Var nothing = Var.of(Tensors.randn(1, 2, 0));
        Gradients.rejects(
                () -> nothing.mean(), "Mean[]: needs at least one element, got F64[2, 0]");
    }
}
