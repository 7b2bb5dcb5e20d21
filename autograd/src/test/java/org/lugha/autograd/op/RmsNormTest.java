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

class RmsNormTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Gradients.check(
                v -> v[0].rmsNorm(v[1], 1e-5),
                Tensors.randn(seed, shape),
                Tensors.randn(seed + 1, shape.last()));
    }

    @Property
    void agreesOnAllDevices(@ForAll boolean isOne, @ForAll("wide") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].rmsNorm(v[1], isOne ? 1 : 0, 1e-5),
                Tensors.randn(seed, shape),
                Tensors.randn(seed + 1, shape.last()));
    }

    @Property
    void gradientWithOffset(
            @ForAll("shapes") Shape shape, @ForAll long seed, @ForAll boolean isOne) {
        Gradients.check(
                v -> v[0].rmsNorm(v[1], isOne ? 1 : -0.5, 1e-5),
                Tensors.randn(seed, shape),
                Tensors.randn(seed + 1, shape.last()));
    }

    @Test
    void keepsNothingWhenAllIsFrozen() {
        assertEquals(0, saved(false, false));
        assertEquals((15 + 5 + 3) * 8, saved(true, true));
    }

    private static long saved(boolean... wanted) {
        return Gradients.saved(
                v -> v[0].rmsNorm(v[1], 1e-5), wanted, Tensors.randn(1, 3, 5), Tensors.randn(2, 5));
    }

    @Test
    void wrongShapesAreNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 5));
        Var w = Var.of(Tensors.randn(1, 4));
        Gradients.rejects(
                () -> x.rmsNorm(w, 1e-5),
                "RmsNorm[offset=0.0, eps=1.0E-5]",
                "needs x [.., D] and weight [D]",
                "F64[2, 5]@reference",
                "F64[4]@reference");
    }
}
