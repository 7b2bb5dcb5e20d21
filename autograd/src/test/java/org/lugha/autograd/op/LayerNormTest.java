package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Shape;

class LayerNormTest implements Tensors {
    @Property
    void gradientMatchesCentralDifferences(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Gradients.check(
                v -> new LayerNorm(1e-2).apply(v[0], v[1], v[2]),
                Tensors.randn(seed, shape),
                Tensors.randn(seed + 1, shape.last()),
                Tensors.randn(seed + 2, shape.last()));
    }

    @Property
    void agreesOnAllDevices(@ForAll("wide") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> new LayerNorm(1e-2).apply(v[0], v[1], v[2]),
                Tensors.randn(seed, shape),
                Tensors.randn(seed + 1, shape.last()),
                Tensors.randn(seed + 2, shape.last()));
    }

    @Property
    void gradientWithoutBias(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Gradients.check(
                v -> new LayerNorm(1e-2).apply(v[0], v[1]),
                Tensors.randn(seed, shape),
                Tensors.randn(seed + 1, shape.last()));
    }

    @Test
    void keepsNothingWhenAllIsFrozen() {
        assertEquals(0, saved(false, false, false));
        assertEquals((15 + 5 + 3 + 3) * 8, saved(true, false, false));
    }

    private static long saved(boolean... wanted) {
        return Gradients.saved(
                v -> new LayerNorm(1e-5).apply(v),
                wanted,
                Tensors.randn(1, 3, 5),
                Tensors.randn(2, 5),
                Tensors.randn(3, 5));
    }

    @Test
    void wrongShapesAreNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 5));
        Var five = Var.of(Tensors.randn(1, 5));
        Var four = Var.of(Tensors.randn(1, 4));
        String expected = "LayerNorm[eps=1.0E-5]: needs x [.., D], weight [D] and bias [D], got";
        Gradients.rejects(
                () -> new LayerNorm(1e-5).apply(x, four, five), expected, "F64[4]@reference");
        Gradients.rejects(
                () -> new LayerNorm(1e-5).apply(x, five, four), expected, "F64[4]@reference");
    }
}
