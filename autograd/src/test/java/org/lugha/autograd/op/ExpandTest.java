package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
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

class ExpandTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 15) int ones,
            @ForAll @IntRange(max = 2) int missing,
            @ForAll long seed) {
        Tensor x = Tensors.randn(seed, small(shape, ones, missing));
        Expand op = new Expand(shape);
        OpAssertions.assertGradient(v -> op.apply(v[0]), x);
        OpAssertions.assertGradient(v -> reused(v[0].scale(2), op), x);
    }

    private static Var reused(Var x, Expand op) {
        Var y = op.apply(x);
        return x.mul(x).sum().add(y.mul(y).sum()).add(op.apply(x).sum());
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("shapes") Shape shape,
            @ForAll @IntRange(max = 15) int ones,
            @ForAll @IntRange(max = 2) int missing,
            @ForAll long seed) {
        Expand op = new Expand(shape);
        OpAssertions.assertSameOnAllDevices(
                v -> op.apply(v[0]), Tensors.randn(seed, small(shape, ones, missing)));
    }

    /** Some axes are 1, some missing in front. */
    private static Shape small(Shape shape, int ones, int missing) {
        int from = Math.min(missing, shape.rank());
        int[] dims = Arrays.copyOfRange(shape.dims(), from, shape.rank());
        for (int i = 0; i < dims.length; i++) {
            dims[i] = (ones >> i & 1) == 1 ? 1 : dims[i];
        }
        return Shape.of(dims);
    }

    @Test
    void valueByHand() {
        Var x = Var.of(Tensor.of(REFERENCE, Shape.of(2, 1), 1.0, 2.0));
        Tensor y = x.expand(2, 2, 3).value();
        assertArrayEquals(new double[] {1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2}, y.toArray());
        assertTrue(y.layout().isContiguous());
        assertEquals(Shape.of(2, 0), x.expand(2, 0).shape());
    }

    @Test
    void theGradientSums() {
        try (Parameter x = Parameter.of("x", Tensors.randn(1, 2, 1));
                var _ = Tape.open()) {
            x.expand(5, 2, 3).sum().backward();
            assertArrayEquals(new double[] {15, 15}, x.gradient().toArray());
        }
    }

    @Test
    void keepsNothing() {
        assertEquals(
                0,
                Gradients.saved(
                        v -> v[0].expand(4, 3, 5), new boolean[] {true}, Tensors.randn(1, 3, 1)));
    }

    @Test
    void wrongShapesAreNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 3));
        Gradients.rejects(
                () -> x.expand(2, 6),
                "Expand[shape=[2, 6]]: needs axes that are 1 or as wanted, from the last on",
                "got F64[2, 3]@reference");
        Gradients.rejects(() -> x.expand(3), "Expand[shape=[3]]: needs axes");
        Gradients.rejects(() -> x.expand(2, 3, 1), "needs axes");
    }
}
