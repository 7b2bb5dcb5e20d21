package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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

class GatherTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("batches") Shape shape, @ForAll @IntRange(max = 5) int k, @ForAll long seed) {
        Tensor x = Tensors.randn(seed, shape);
        Tensor ids = ids(shape, k, seed);
        OpAssertions.assertGradient(v -> new Gather().apply(v), x, ids);
        OpAssertions.assertGradient(v -> reused(v[0].scale(2), ids), x);
    }

    private static Var reused(Var x, Tensor ids) {
        Var y = x.gather(ids);
        return x.mul(x).sum().add(y.mul(y).sum()).add(x.gather(ids).sum());
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("batches") Shape shape, @ForAll @IntRange(max = 5) int k, @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> new Gather().apply(v), Tensors.randn(seed, shape), ids(shape, k, seed));
    }

    private static Tensor ids(Shape shape, int k, long seed) {
        return Tensors.ids(seed, shape.last(), shape.withLast(k).dims());
    }

    @Test
    void valueByHand() {
        Var x = Var.of(Tensor.of(REFERENCE, Shape.of(2, 3), 1.0, 2.0, 3.0, 4.0, 5.0, 6.0));
        Tensor ids = Tensor.of(REFERENCE, Shape.of(2, 2), 2, 0, 1, 1);
        assertArrayEquals(new double[] {3, 1, 5, 5}, x.gather(ids).value().toArray());
    }

    @Test
    void repeatedIdsAddUp() {
        Tensor ids = Tensor.of(REFERENCE, Shape.of(2, 2), 2, 0, 1, 1);
        try (Parameter x = Parameter.of("x", Tensors.randn(1, 2, 3));
                var _ = Tape.open()) {
            x.gather(ids).sum().backward();
            assertArrayEquals(new double[] {1, 0, 1, 0, 2, 0}, x.gradient().toArray());
        }
    }

    @Test
    void keepsTheIdsAlone() {
        assertEquals(0, saved(false));
        assertEquals(2 * 3 * 4, saved(true));
    }

    private static long saved(boolean x) {
        return Gradients.saved(
                v -> new Gather().apply(v),
                new boolean[] {x, false},
                Tensors.randn(1, 2, 5),
                Tensors.ids(2, 5, 2, 3));
    }

    @Test
    void wrongIdsAreNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 5));
        Gradients.rejects(
                () -> x.gather(Tensor.of(REFERENCE, Shape.of(2, 1), 4, 5)),
                "Gather[]: id 5 at index 1 is outside the 5 elements of a row of F64[2, 5]");
        Gradients.rejects(
                () -> x.gather(Tensor.of(REFERENCE, Shape.of(2, 1), -1, 0)), "id -1 at index 0");
        Gradients.rejects(
                () -> x.gather(Tensors.ids(1, 5, 3, 1)),
                "Gather[]: needs x [.., V] and ids [.., K] whose leading extents agree",
                "F64[2, 5]@reference, I32[3, 1]@reference");
        Gradients.rejects(() -> x.gather(Tensors.ids(1, 5, 2)), "leading extents agree");
        Gradients.rejects(() -> x.gather(Tensors.randn(1, 2, 1)), "Gather[]: needs I32");
    }
}
