package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

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

class ReplaceRowsTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(min = 1, max = 5) int rows,
            @ForAll @IntRange(min = 1, max = 4) int width,
            @ForAll long seed) {
        OpAssertions.assertGradient(
                v -> new ReplaceRows().apply(v),
                Tensors.randn(seed, rows, width),
                Tensors.randn(seed + 1, (rows + 1) / 2, width),
                everySecond(rows));
        OpAssertions.assertGradient(
                v -> new ReplaceRows().apply(v[0].scale(2), v[1].scale(3), v[2]).add(v[0]),
                Tensors.randn(seed, rows, width),
                Tensors.randn(seed + 1, (rows + 1) / 2, width),
                everySecond(rows));
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(min = 1, max = 9) int rows,
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> new ReplaceRows().apply(v),
                Tensors.randn(seed, rows, width),
                Tensors.randn(seed + 1, (rows + 1) / 2, width),
                everySecond(rows));
    }

    private static Tensor everySecond(int rows) {
        return Tensor.generate(
                REFERENCE, DType.I32, Shape.of((rows + 1) / 2), i -> rows - 1 - 2 * i);
    }

    @Test
    void valueByHand() {
        Var table = Var.of(Tensor.of(REFERENCE, Shape.of(3, 1), 1e30, 2.0, 3.0));
        Var rows = Var.of(Tensor.of(REFERENCE, Shape.of(2, 1), 0.1, 7.0));
        Var ids = Var.of(Tensor.generate(REFERENCE, DType.I32, Shape.of(2), i -> 2 * i));
        double[] y = new ReplaceRows().apply(table, rows, ids).value().toArray();
        assertArrayEquals(new double[] {0.1, 2, 7}, y);
    }

    @Test
    void wrongShapesAreNamed() {
        Var table = Var.of(Tensors.randn(1, 3, 2));
        Var ids = Var.of(Tensor.generate(REFERENCE, DType.I32, Shape.of(2), i -> i));
        Gradients.rejects(
                () -> new ReplaceRows().apply(table, Var.of(Tensors.randn(1, 1, 2)), ids),
                "ReplaceRows[]: needs table [V,D], rows [N,D], ids [N]");
    }
}
