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

class GainTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor x = Tensors.randn(seed, shape);
        Tensor row = Tensors.randn(seed + 1, shape.last());
        OpAssertions.assertGradient(v -> v[0].gain(v[1]), x, row);
        OpAssertions.assertGradient(
                v -> v[0].scale(2).gain(v[1].scale(3)).add(v[0].gain(v[1])), x, row);
        OpAssertions.assertGradient(v -> v[0].gain(v[0]), row);
    }

    @Property
    void agreesOnAllDevices(@ForAll("shapes") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].gain(v[1]),
                Tensors.randn(seed, shape),
                Tensors.randn(seed + 1, shape.last()));
    }

    @Test
    void valueByHand() {
        Var x = Var.of(Tensor.of(REFERENCE, Shape.of(2, 2), 1.0, 2.0, 3.0, 4.0));
        Var row = Var.of(Tensor.of(REFERENCE, Shape.of(2), 10.0, 20.0));
        assertArrayEquals(new double[] {10, 40, 30, 80}, x.gain(row).value().toArray());
    }

    @Test
    void keepsWhatTheOtherGradientNeeds() {
        Tensor x = Tensors.randn(1, 3, 5);
        Tensor row = Tensors.randn(2, 5);
        boolean[] trained = {true, false};
        assertEquals(5 * 8, Gradients.saved(v -> v[0].gain(v[1]), trained, x, row));
        boolean[] rowAlone = {false, true};
        assertEquals(15 * 8, Gradients.saved(v -> v[0].gain(v[1]), rowAlone, x, row));
    }

    @Test
    void wrongShapesAreNamed() {
        Var x = Var.of(Tensors.randn(1, 3, 2));
        String expected = "Gain[]: needs x [.., D] and row [D], got F64[3, 2]@reference, F64";
        Gradients.rejects(() -> x.gain(Var.of(Tensors.randn(1, 3))), expected + "[3]");
        Gradients.rejects(() -> x.gain(Var.of(Tensors.randn(1, 1, 2))), expected + "[1, 2]");
        Var scalar = Var.of(Tensors.randn(1, Shape.of()));
        Gradients.rejects(() -> scalar.gain(scalar), "needs x [.., D]");
    }
}
