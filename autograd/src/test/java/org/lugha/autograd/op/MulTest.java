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

class MulTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(@ForAll("shapes") Shape shape, @ForAll long seed) {
        Tensor a = Tensors.randn(seed, shape);
        Gradients.check(v -> v[0].mul(v[1]), a, Tensors.randn(seed + 1, shape));
        Gradients.check(v -> v[0].mul(v[0]), a);
        Gradients.check(v -> square(v[0].scale(3)), a);
    }

    @Property
    void agreesOnAllDevices(@ForAll("wide") Shape shape, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].mul(v[1]), Tensors.randn(seed, shape), Tensors.randn(seed + 1, shape));
    }

    private static Var square(Var x) {
        return x.mul(x);
    }

    @Test
    void keepsTheOtherFactorAlone() {
        Tensor x = Tensors.randn(1, 3, 5);
        assertEquals(2 * 15 * 8, saved(x, true, true));
        assertEquals(15 * 8, saved(x, true, false));
        assertEquals(15 * 8, saved(x, false, true));
        assertEquals(0, saved(x, false, false));
    }

    private static long saved(Tensor x, boolean... wanted) {
        return Gradients.saved(v -> v[0].mul(v[1]), wanted, x, x);
    }

    @Test
    void wrongShapesAreNamed() {
        Var a = Var.of(Tensors.randn(1, 6));
        Var b = Var.of(Tensors.randn(1, 3, 2));
        Gradients.rejects(
                () -> a.mul(b), "Mul", "one shape", "F64[6]@reference", "F64[3, 2]@reference");
    }
}
