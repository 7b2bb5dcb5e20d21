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

class EmbeddingTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("shapes") Shape shape,
            @ForAll("extents") int rows,
            @ForAll("extents") int dim,
            @ForAll long seed) {
        Tensor ids = Tensors.ids(seed, rows, shape.dims());
        Gradients.check(
                v -> new Embedding().apply(v[0], Var.of(ids)), Tensors.randn(seed, rows, dim));
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("wide") Shape shape,
            @ForAll("extents") int rows,
            @ForAll @IntRange(min = 1, max = 40) int dim,
            @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> new Embedding().apply(v[0], v[1]),
                Tensors.randn(seed, rows, dim),
                Tensors.ids(seed, rows, shape.dims()));
    }

    @Test
    void shapesAndValues() {
        Var table = Var.of(Tensor.of(REFERENCE, Shape.of(2, 2), 1.0, 2.0, 3.0, 4.0));
        Var ids = Var.of(Tensor.of(REFERENCE, Shape.of(1, 3), 1, 0, 1));
        Tensor y = new Embedding().apply(table, ids).value();
        assertEquals(Shape.of(1, 3, 2), y.shape());
        assertArrayEquals(new double[] {3, 4, 1, 2, 3, 4}, y.toArray());
    }

    @Test
    void keepsTheIdsAlone() {
        assertEquals(0, saved(false));
        assertEquals(4 * 4, saved(true));
    }

    private static long saved(boolean table) {
        return Gradients.saved(
                v -> new Embedding().apply(v),
                new boolean[] {table, false},
                Tensors.randn(1, 2, 5),
                Tensors.ids(2, 2, 4));
    }

    @Test
    void wrongIdsAndTablesAreNamed() {
        Var table = Var.of(Tensors.randn(1, 2, 5));
        Var ids = Var.of(Tensor.of(REFERENCE, Shape.of(2), 0, -1));
        Var floats = Var.of(Tensors.randn(1, 2));
        Gradients.rejects(
                () -> new Embedding().apply(table, ids),
                "Embedding[]: id -1 at index 1 is outside the 2 rows of the embedding F64[2, 5]@reference");
        Gradients.rejects(
                () -> new Embedding().apply(table, floats),
                "Embedding[]: needs I32 ids",
                "F64[2]@reference");
        Gradients.rejects(
                () -> new Embedding().apply(floats, ids),
                "Embedding[]: needs a table [V,D]",
                "F64[2]@reference");
    }
}
