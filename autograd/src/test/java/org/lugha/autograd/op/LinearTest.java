package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class LinearTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("batches") Shape shape,
            @ForAll("extents") int out,
            @ForAll boolean inOut,
            @ForAll long seed) {
        int in = shape.last();
        Tensor x = Tensors.randn(seed, shape);
        Tensor w = inOut ? Tensors.randn(seed + 1, in, out) : Tensors.randn(seed + 1, out, in);
        Tensor b = Tensors.randn(seed + 2, out);
        Linear op = new Linear(inOut);
        Gradients.check(v -> op.apply(v[0], v[1]), x, w);
        Gradients.check(v -> op.apply(v[0], v[1], v[2]), x, w, b);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("wide") Shape shape,
            @ForAll @IntRange(min = 1, max = 40) int out,
            @ForAll boolean inOut,
            @ForAll long seed) {
        int in = shape.last();
        Linear op = new Linear(inOut);
        OpAssertions.assertSameOnAllDevices(
                v -> op.apply(v[0], v[1], v[2]),
                Tensors.randn(seed, shape),
                inOut ? Tensors.randn(seed + 1, in, out) : Tensors.randn(seed + 1, out, in),
                Tensors.randn(seed + 2, out));
    }

    @Property
    void gradientOfAComputedWeight(@ForAll("extents") int n, @ForAll long seed) {
        Tensor x = Tensors.randn(seed, n, n);
        Gradients.check(v -> v[0].linear(v[1].scale(2)), x, Tensors.randn(seed + 1, n, n));
        Gradients.check(v -> v[0].linear(v[0]), x);
    }

    @Test
    void bothOrientationsAgree() {
        Tensor x = Tensor.of(REFERENCE, Shape.of(1, 2), 1.0, 2.0);
        Tensor w = Tensor.of(REFERENCE, Shape.of(3, 2), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
        Tensor t = Tensor.of(REFERENCE, Shape.of(2, 3), 1.0, 3.0, 5.0, 2.0, 4.0, 6.0);
        double[] y = {5, 11, 17};
        assertArrayEquals(y, Var.of(x).linear(Var.of(w)).value().toArray());
        assertArrayEquals(y, new Linear(true).apply(Var.of(x), Var.of(t)).value().toArray());
    }

    @Test
    void keepsWhatBackwardReads() {
        assertEquals(10 * 8 + 15 * 8, saved(true, true, true));
        assertEquals(15 * 8, saved(true, false, false), "the weight alone");
        assertEquals(10 * 8, saved(false, true, false), "the input alone");
        assertEquals(0, saved(false, false, true));
        assertEquals(0, saved(false, false, false));
    }

    private static long saved(boolean... wanted) {
        return Gradients.saved(
                v -> v[0].linear(v[1], v[2]),
                wanted,
                Tensors.randn(1, 2, 5),
                Tensors.randn(2, 3, 5),
                Tensors.randn(3, 3));
    }

    @Test
    void wrongShapesAreNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 5));
        Var w = Var.of(Tensors.randn(1, 3, 4));
        Var square = Var.of(Tensors.randn(1, 5, 5));
        Var b = Var.of(Tensors.randn(1, 4));
        Gradients.rejects(
                () -> x.linear(w),
                "Linear[inOut=false]",
                "input has 5 features, weight expects 4",
                "F64[2, 5]@reference",
                "F64[3, 4]@reference");
        Gradients.rejects(
                () -> new Linear(true).apply(x, w), "Linear[inOut=true]", "weight expects 3");
        Gradients.rejects(() -> x.linear(b), "a weight of two axes", "F64[4]@reference");
        Gradients.rejects(() -> x.linear(square, b), "a bias of 5 features", "F64[4]@reference");
    }
}
