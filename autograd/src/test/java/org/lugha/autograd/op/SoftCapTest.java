package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Shape;

class SoftCapTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @DoubleRange(min = 0.5, max = 50) double cap,
            @ForAll("shapes") Shape shape,
            @ForAll long seed) {
        Gradients.check(v -> v[0].softCap(cap), Tensors.randn(seed, shape));
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @DoubleRange(min = 0.5, max = 50) double cap,
            @ForAll("wide") Shape shape,
            @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(v -> v[0].softCap(cap), Tensors.randn(seed, shape));
    }

    @Test
    void keepsItsResultAlone() {
        assertEquals(
                0,
                Gradients.saved(
                        v -> v[0].softCap(30), new boolean[] {true}, Tensors.randn(1, 3, 5)));
    }

    @Test
    void aCapMustBePositive() {
        Var x = Var.of(Tensors.randn(1, 2, 5));
        Gradients.rejects(() -> x.softCap(0), "SoftCap[cap=0.0]", "needs a cap above 0");
    }
}
