package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.Edge;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.autograd.testkit.Shape;
import org.lugha.autograd.testkit.Values;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Unary;

class ActivationTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(@ForAll Unary f, @ForAll @Shape(maxRank = 4) Tensor x) {
        OpAssertions.assertGradient(v -> v[0].activation(f), x);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll Unary f,
            @ForAll
                    @Shape(maxExtent = 33, maxElements = 200)
                    @Values(edges = {Edge.ZEROS, Edge.LARGE, Edge.TINY, Edge.DENORMAL})
                    Tensor x) {
        OpAssertions.assertSameOnAllDevices(v -> v[0].activation(f), x);
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
