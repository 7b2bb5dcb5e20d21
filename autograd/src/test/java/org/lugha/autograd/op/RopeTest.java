package org.lugha.autograd.op;

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

class RopeTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll("extents") int length,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 5) int dim,
            @ForAll long seed) {
        int half = 1 + dim / 4;
        Var positions = Var.of(Tensors.ids(seed, 6, batch, length));
        Var cos = Var.of(Tensors.randn(seed + 1, 6, half));
        Var sin = Var.of(Tensors.randn(seed + 2, 6, half));
        Tensor x = Tensors.randn(seed, batch, length, heads, dim + 1);
        Gradients.check(v -> new Rope().apply(v[0], positions, cos, sin), x);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(min = 1, max = 2) int batch,
            @ForAll("extents") int length,
            @ForAll @IntRange(min = 1, max = 3) int heads,
            @ForAll @IntRange(min = 1, max = 40) int dim,
            @ForAll long seed) {
        int half = 1 + dim / 4;
        OpAssertions.assertSameOnAllDevices(
                v -> new Rope().apply(v[0], v[1], fixed(v[2]), fixed(v[3])),
                Tensors.randn(seed, batch, length, heads, dim + 1),
                Tensors.ids(seed, 6, batch, length),
                Tensors.randn(seed + 1, 6, half),
                Tensors.randn(seed + 2, 6, half));
    }

    /** No gradient flows into the tables. */
    private static Var fixed(Var table) {
        return Var.of(table.value());
    }

    @Test
    void keepsPositionsAndTablesAlone() {
        assertEquals(0, saved(false));
        assertEquals(3 * 4 + 2 * 4 * 8, saved(true));
    }

    private static long saved(boolean x) {
        return Gradients.saved(
                v -> new Rope().apply(v),
                new boolean[] {x, false, false, false},
                Tensors.randn(1, 1, 3, 2, 2),
                Tensors.ids(1, 4, 1, 3),
                Tensors.randn(2, 4, 1),
                Tensors.randn(3, 4, 1));
    }

    @Test
    void wrongShapesAndPositionsAreNamed() {
        Var x = Var.of(Tensors.randn(1, 1, 3, 2, 2));
        Var table = Var.of(Tensors.randn(1, 4, 1));
        Var wide = Var.of(Tensors.randn(1, 4, 2));
        Var positions = Var.of(Tensor.of(REFERENCE, Shape.of(1, 3), 0, 1, 2));
        Var far = Var.of(Tensor.of(REFERENCE, Shape.of(1, 3), 0, 1, 4));
        Var two = Var.of(Tensor.of(REFERENCE, Shape.of(1, 2), 0, 1));
        String expected = "Rope[]: needs x [B,T,H,D], positions [B,T], cos and sin [P, R/2]";
        Gradients.rejects(
                () -> new Rope().apply(x, positions, wide, wide), expected, "F64[4, 2]@reference");
        Gradients.rejects(() -> new Rope().apply(x, positions, table, wide), expected);
        Gradients.rejects(() -> new Rope().apply(x, two, table, table), expected);
        Gradients.rejects(
                () -> new Rope().apply(x, far, table, table),
                "Rope[]: id 4 at index 2 is outside the 4 positions");
    }
}
