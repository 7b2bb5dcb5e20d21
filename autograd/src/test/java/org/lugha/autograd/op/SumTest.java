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

class SumTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Gradients.check(v -> v[0].sum(), Tensors.randn(seed, shape));
        Gradients.check(v -> v[0].mul(v[0]).sum().scale(0.5), Tensors.randn(seed, shape));
    }

    @Property
    void agreesOnAllDevices(@ForAll("wide") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(v -> v[0].sum(), Tensors.randn(seed, shape));
    }

    @Test
    void nothingSumsToNothing() {
        assertEquals(0, Var.of(Tensors.randn(1, 0, 3)).sum().item());
    }

    @Test
    void keepsNothing() {
        assertEquals(
                0, Gradients.saved(v -> v[0].sum(), new boolean[] {true}, Tensors.randn(1, 3, 5)));
    }
}
