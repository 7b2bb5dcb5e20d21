package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Shape;
import org.lugha.runtime.spi.Unary;

class ActivationTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll Unary f, @ForAll("shapes") Shape shape, @ForAll long seed) {
        Gradients.check(v -> v[0].activation(f), Tensors.randn(seed, shape));
    }

    @Property
    void agreesOnAllDevices(@ForAll Unary f, @ForAll("wide") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(v -> v[0].activation(f), Tensors.randn(seed, shape));
    }

    @Test
    void keepsItsInput() {
        assertEquals(
                15 * 8,
                Gradients.saved(
                        v -> v[0].activation(Unary.SILU),
                        new boolean[] {true},
                        Tensors.randn(1, 3, 5)));
    }
}
