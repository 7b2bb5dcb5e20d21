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

class SoftmaxTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll
                    @Shape(maxRank = 4)
                    @Values(
                            from = -3,
                            to = 3,
                            edges = {Edge.ZEROS, Edge.TIES, Edge.TINY})
                    Tensor x) {
        OpAssertions.assertGradient(v -> v[0].softmax(), x);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll
                    @Shape(maxExtent = 33, maxElements = 200)
                    @Values(edges = {Edge.ZEROS, Edge.TIES, Edge.LARGE, Edge.TINY})
                    Tensor x) {
        OpAssertions.assertSameOnAllDevices(v -> v[0].softmax(), x);
    }

    @Test
    void keepsItsResultAlone() {
        assertEquals(
                0,
                Gradients.saved(v -> v[0].softmax(), new boolean[] {true}, Tensors.randn(1, 3, 5)));
    }
}
