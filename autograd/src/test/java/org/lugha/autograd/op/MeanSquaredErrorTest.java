package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
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

class MeanSquaredErrorTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Tensors.randn(seed, shape);
        Tensor t = Tensors.randn(seed + 1, shape);
        OpAssertions.assertGradient(v -> v[0].meanSquaredError(v[1], 0.3), x, t);
        OpAssertions.assertGradient(
                v -> v[0].scale(2).meanSquaredError(v[1].scale(2), 0.3).scale(3), x, t);
        OpAssertions.assertGradient(v -> v[0].meanSquaredError(v[0], 0.3), x);
    }

    @Property
    void agreesOnAllDevices(@ForAll("shapes") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].meanSquaredError(v[1], 0.3),
                Tensors.randn(seed, shape),
                Tensors.randn(seed + 1, shape));
    }

    /** As PyTorch's mse_loss: 8 by reduction "sum", 8/3 by "mean". */
    @Test
    void valueByHand() {
        Var x = Var.of(Tensor.of(REFERENCE, Shape.of(3), 1.0, 2.0, 3.0));
        Var t = Var.of(Tensor.of(REFERENCE, Shape.of(3), 1.0, 0.0, 5.0));
        assertEquals(8, x.meanSquaredError(t, 1).item());
        assertEquals(8 / 3.0, x.meanSquaredError(t, 1 / 3.0).item(), 1e-15);
    }

    @Test
    void equalValuesHaveNoGradient() {
        Tensor x = Tensor.of(REFERENCE, Shape.of(3), 0.1f, 1e7f, -3f);
        try (Parameter p = Parameter.of("x", x);
                var _ = Tape.open()) {
            Var loss = p.meanSquaredError(Var.of(x.copy(DType.F32)), 0.1);
            assertEquals(0, loss.item());
            loss.backward();
            assertArrayEquals(new double[3], p.gradient().toArray());
        }
    }

    @Test
    void keepsTheDifferenceAlone() {
        assertEquals(15 * 8, saved(true, false));
        assertEquals(15 * 8, saved(true, true));
        assertEquals(0, saved(false, false));
    }

    private static long saved(boolean... wanted) {
        return Gradients.saved(
                v -> v[0].meanSquaredError(v[1], 1),
                wanted,
                Tensors.randn(1, 3, 5),
                Tensors.randn(2, 3, 5));
    }

    @Test
    void wrongShapesAreNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 3));
        Gradients.rejects(
                () -> x.meanSquaredError(Var.of(Tensors.randn(1, 6)), 1),
                "MeanSquaredError[scale=1.0]: needs two tensors of one shape, got"
                        + " F64[2, 3]@reference, F64[6]@reference");
    }
}
