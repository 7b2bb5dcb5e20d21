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
import org.lugha.runtime.Tensor;

class AddTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor a = Tensors.randn(seed, shape);
        Gradients.check(v -> v[0].add(v[1]), a, Tensors.randn(seed + 1, shape));
        Gradients.check(v -> v[0].add(v[0]), a);
        Gradients.check(v -> twice(v[0].scale(3)), a);
    }

    @Property
    void agreesOnAllDevices(@ForAll("wide") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].add(v[1]), Tensors.randn(seed, shape), Tensors.randn(seed + 1, shape));
    }

    private static Var twice(Var x) {
        return x.add(x);
    }

    @Test
    void keepsNothing() {
        Tensor x = Tensors.randn(1, 3, 5);
        assertEquals(0, Gradients.saved(v -> v[0].add(v[1]), new boolean[] {true, true}, x, x));
    }

    @Test
    void wrongShapesAreNamed() {
        Var a = Var.of(Tensors.randn(1, 2, 3));
        Var b = Var.of(Tensors.randn(1, 3, 2));
        Gradients.rejects(
                () -> a.add(b), "Add", "one shape", "F64[2, 3]@reference", "F64[3, 2]@reference");
    }
}
