package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.Edge;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.autograd.testkit.Shapes;
import org.lugha.autograd.testkit.Values;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Unary;

class GateTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll Unary f, @ForAll @Shapes({"a b c", "a b c"}) Tensor[] in) {
        OpAssertions.assertGradient(v -> v[0].gate(f, v[1]), in);
        OpAssertions.assertGradient(v -> v[0].gate(f, v[0]), in[0]);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll Unary f,
            @ForAll
                    @Shapes(
                            value = {"a b", "a b"},
                            maxExtent = 33)
                    @Values(edges = {Edge.ZEROS, Edge.LARGE, Edge.TINY})
                    Tensor[] in) {
        OpAssertions.assertSameOnAllDevices(v -> v[0].gate(f, v[1]), in);
    }

    @Test
    void keepsNothingForFrozenInputs() {
        Tensor x = Tensors.randn(1, 3, 5);
        assertEquals(0, saved(x, false, false));
        assertEquals(2 * 15 * 8, saved(x, true, true));
    }

    private static long saved(Tensor x, boolean... wanted) {
        return Gradients.saved(v -> v[0].gate(Unary.SILU, v[1]), wanted, x, x);
    }

    @Test
    void wrongShapesAreNamed() {
        Var a = Var.of(Tensors.randn(1, 2, 3));
        Var b = Var.of(Tensors.randn(1, 2, 4));
        Gradients.rejects(
                () -> a.gate(Unary.SILU, b),
                "Gate[f=SILU]",
                "one shape",
                "F64[2, 3]@reference",
                "F64[2, 4]@reference");
    }
}
