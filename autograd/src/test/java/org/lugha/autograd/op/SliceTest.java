package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class SliceTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 3) int axis,
            @ForAll @IntRange(max = 7) int a,
            @ForAll @IntRange(max = 7) int b,
            @ForAll long seed) {
        Slice op = slice(shape, axis, a, b);
        Tensor x = Tensors.randn(seed, shape);
        OpAssertions.assertGradient(v -> op.apply(v[0]), x);
        Slice other = slice(shape, axis + 1, a, shape.dim((axis + 1) % shape.rank()));
        OpAssertions.assertGradient(v -> overlapping(v[0].scale(2), op, other), x);
    }

    /** Parts of one x that are added to one gradient. */
    private static Var overlapping(Var x, Slice a, Slice b) {
        return a.apply(x).sum().add(b.apply(x).mul(b.apply(x)).sum()).add(x.sum());
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 3) int axis,
            @ForAll @IntRange(max = 7) int a,
            @ForAll @IntRange(max = 7) int b,
            @ForAll long seed) {
        Slice op = slice(shape, axis, a, b);
        OpAssertions.assertSameOnAllDevices(v -> op.apply(v[0]), Tensors.randn(seed, shape));
    }

    /** Within the shape, from either end of its axes. */
    private static Slice slice(Shape shape, int axis, int a, int b) {
        int i = axis % shape.rank();
        int from = Math.min(Math.min(a, b), shape.dim(i));
        int to = Math.min(Math.max(a, b), shape.dim(i));
        return new Slice(axis % 2 == 0 ? i : i - shape.rank(), from, to);
    }

    @Test
    void valueByHand() {
        Var x = Var.of(Tensor.of(REFERENCE, Shape.of(2, 3), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0));
        assertArrayEquals(new double[] {2, 3, 5, 6}, x.slice(1, 1, 3).value().toArray());
        assertArrayEquals(new double[] {4, 5, 6}, x.slice(-2, 1, 2).value().toArray());
        assertEquals(Shape.of(2, 0), x.slice(1, 2, 2).shape());
    }

    @Test
    void theGradientIsZeroElsewhere() {
        try (Parameter x = Parameter.of("x", Tensors.randn(1, 2, 3));
                var _ = Tape.open()) {
            x.slice(1, 1, 2).sum().backward();
            assertArrayEquals(new double[] {0, 1, 0, 0, 1, 0}, x.gradient().toArray());
        }
    }

    @Test
    void isAViewOfLeadingAxes() {
        Tensor x = Tensors.randn(1, 4, 5);
        assertEquals(x.storage(), Var.of(x).slice(0, 1, 3).value().storage());
        assertNotEquals(x.storage(), Var.of(x).slice(1, 1, 3).value().storage());
        assertEquals(
                0, Gradients.saved(v -> v[0].slice(1, 1, 3), new boolean[] {true}, x), "a copy");
    }

    @Test
    void wrongRangesAreNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 3));
        Gradients.rejects(
                () -> x.slice(1, 1, 4),
                "Slice[axis=1, from=1, to=4]: needs 0 <= from <= to <= 3",
                "got F64[2, 3]@reference");
        Gradients.rejects(() -> x.slice(1, 2, 1), "needs 0 <= from <= to <= 3");
        Gradients.rejects(() -> x.slice(0, -1, 1), "needs 0 <= from <= to <= 2");
        Gradients.rejects(() -> x.slice(2, 0, 1), "axis 2 does not exist", "F64[2, 3]@reference");
    }
}
