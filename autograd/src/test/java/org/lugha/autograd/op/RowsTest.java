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

class RowsTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("batches") Shape shape,
            @ForAll @IntRange(min = 0, max = 6) int n,
            @ForAll long seed) {
        Tensor ids = Tensors.ids(seed, (int) shape.rows(), n);
        Gradients.check(v -> v[0].rows(ids), Tensors.randn(seed, shape));
        Gradients.check(v -> v[0].scale(2).rows(ids), Tensors.randn(seed, shape));
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("wide") Shape shape,
            @ForAll @IntRange(min = 0, max = 6) int n,
            @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].rows(v[1].value()),
                Tensors.randn(seed, shape),
                Tensors.ids(seed, (int) shape.rows(), n));
    }

    @Test
    void repeatedRowsAddUp() {
        Tensor ids = Tensor.of(REFERENCE, Shape.of(3), 1, 1, 1);
        try (Parameter x = Parameter.of("x", Tensors.randn(1, 2, 1));
                var _ = Tape.open()) {
            x.rows(ids).sum().backward();
            assertArrayEquals(new double[] {0, 3}, x.gradient().toArray());
        }
    }

    @Test
    void keepsTheIdsAlone() {
        assertEquals(0, saved(false));
        assertEquals(4 * 4, saved(true));
    }

    private static long saved(boolean x) {
        return Gradients.saved(
                v -> new Rows().apply(v),
                new boolean[] {x, false},
                Tensors.randn(1, 2, 5),
                Tensors.ids(2, 2, 4));
    }

    @Test
    void wrongIdsAreNamed() {
        Var x = Var.of(Tensors.randn(1, 2, 5));
        Gradients.rejects(
                () -> x.rows(Tensor.of(REFERENCE, Shape.of(2), 0, 2)),
                "Rows[]: id 2 at index 1 is outside the 2 rows of F64[2, 5]@reference");
        Gradients.rejects(
                () -> x.rows(Tensors.randn(1, 2)),
                "Rows[]: needs I32 ids, labels or positions as input 1, got F64[2]@reference");
    }
}
