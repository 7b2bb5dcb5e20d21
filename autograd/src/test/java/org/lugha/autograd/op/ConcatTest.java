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
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class ConcatTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("batches") Shape shape,
            @ForAll @IntRange(max = 3) int axis,
            @ForAll @IntRange(max = 3) int a,
            @ForAll @IntRange(max = 3) int b,
            @ForAll long seed) {
        int i = axis % shape.rank();
        Tensor x = Tensors.randn(seed, resized(shape, i, a));
        Tensor y = Tensors.randn(seed + 1, resized(shape, i, b));
        Tensor z = Tensors.randn(seed + 2, shape);
        OpAssertions.assertGradient(v -> Var.concat(i, v), x, y, z);
        OpAssertions.assertGradient(v -> twice(i - shape.rank(), v), x, y);
        OpAssertions.assertGradient(v -> Var.concat(i, v[0]), x);
    }

    /** Computed inputs, one of them several times and used beside. */
    private static Var twice(int axis, Var... v) {
        Var x = v[0].scale(2);
        Var y = v[1].scale(3);
        Var all = Var.concat(axis, x, y, x, x);
        return all.mul(all).sum().add(x.sum()).add(y.sum());
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("batches") Shape shape,
            @ForAll @IntRange(max = 3) int axis,
            @ForAll @IntRange(max = 3) int a,
            @ForAll long seed) {
        int i = axis % shape.rank();
        OpAssertions.assertSameOnAllDevices(
                v -> Var.concat(i, v),
                Tensors.randn(seed, resized(shape, i, a)),
                Tensors.randn(seed + 1, shape));
    }

    private static Shape resized(Shape shape, int axis, int extent) {
        int[] dims = shape.dims().clone();
        dims[axis] = extent;
        return Shape.of(dims);
    }

    @Test
    void valueByHand() {
        Var a = Var.of(Tensor.of(REFERENCE, Shape.of(2, 1), 1.0, 2.0));
        Var b = Var.of(Tensor.of(REFERENCE, Shape.of(2, 2), 3.0, 4.0, 5.0, 6.0));
        Var all = Var.concat(1, a, b, a);
        assertEquals(Shape.of(2, 4), all.shape());
        assertArrayEquals(new double[] {1, 3, 4, 1, 2, 5, 6, 2}, all.value().toArray());
    }

    @Test
    void keepsNothing() {
        Tensor x = Tensors.randn(1, 3, 5);
        boolean[] wanted = {true, true};
        assertEquals(0, Gradients.saved(v -> Var.concat(0, v), wanted, x, x));
        assertEquals(0, Gradients.saved(v -> Var.concat(1, v), wanted, x, x));
    }

    @Test
    void wrongShapesAreNamed() {
        Var a = Var.of(Tensors.randn(1, 2, 3));
        Var b = Var.of(Tensors.randn(1, 3, 3));
        Var row = Var.of(Tensors.randn(1, 3));
        String expected = "Concat[axis=1]: needs inputs of one type whose other extents agree";
        Gradients.rejects(
                () -> Var.concat(1, a, b), expected, "F64[2, 3]@reference, F64[3, 3]@reference");
        Gradients.rejects(() -> Var.concat(1, a, row), expected, "F64[3]@reference");
        Gradients.rejects(() -> Var.concat(2, a), "Concat[axis=2]: axis 2 does not exist");
        Gradients.rejects(() -> Var.concat(0), "Concat[axis=0]: needs at least one input");
        Var narrow = Var.of(a.value().copy(DType.F32));
        Var half = Var.of(a.value().copy(DType.BF16));
        Gradients.rejects(() -> Var.concat(1, narrow, half), expected, "BF16[2, 3]@reference");
    }
}
