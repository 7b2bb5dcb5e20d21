package org.lugha.autograd.example;

import static org.lugha.autograd.testkit.OpAssertions.assertGradient;
import static org.lugha.autograd.testkit.OpAssertions.assertSameOnAllDevices;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.lugha.autograd.testkit.Edge;
import org.lugha.autograd.testkit.StrictMemory;
import org.lugha.autograd.testkit.Values;
import org.lugha.runtime.Tensor;

@StrictMemory
class SquareTest {
    @Property
    void gradient(@ForAll Tensor x) {
        assertGradient(in -> new Square().apply(in), x);
    }

    @Property
    void devices(@ForAll @Values(edges = {Edge.ZEROS, Edge.LARGE, Edge.TINY}) Tensor x) {
        assertSameOnAllDevices(in -> new Square().apply(in), x);
    }
}
