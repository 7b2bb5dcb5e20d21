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

class MatmulTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll @IntRange(max = 2) int axes,
            @ForAll("extents") int m,
            @ForAll("extents") int n,
            @ForAll("extents") int k,
            @ForAll boolean turnA,
            @ForAll boolean turnB,
            @ForAll long seed) {
        Tensor a = operand(axes, turnA ? k : m, turnA ? m : k, seed);
        Tensor b = operand(axes, turnB ? n : k, turnB ? k : n, seed + 1);
        OpAssertions.assertGradient(v -> v[0].matmul(v[1], turnA, turnB), a, b);
        Tensor square = operand(axes, k, k, seed);
        OpAssertions.assertGradient(v -> v[0].matmul(v[0], turnA, turnB), square);
        OpAssertions.assertGradient(v -> reused(v[0].scale(2), turnA, turnB), square);
    }

    private static Var reused(Var x, boolean turnA, boolean turnB) {
        return x.matmul(x, turnA, turnB).add(x);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll @IntRange(max = 2) int axes,
            @ForAll("extents") int m,
            @ForAll("extents") int n,
            @ForAll("extents") int k,
            @ForAll boolean turnA,
            @ForAll boolean turnB,
            @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> v[0].matmul(v[1], turnA, turnB),
                operand(axes, turnA ? k : m, turnA ? m : k, seed),
                operand(axes, turnB ? n : k, turnB ? k : n, seed + 1));
    }

    /** With so many leading axes, of extents 2 and 3. */
    private static Tensor operand(int axes, int rows, int columns, long seed) {
        return switch (axes) {
            case 0 -> Tensors.randn(seed, rows, columns);
            case 1 -> Tensors.randn(seed, 2, rows, columns);
            default -> Tensors.randn(seed, 2, 3, rows, columns);
        };
    }

    @Test
    void valueByHand() {
        Var a = Var.of(Tensor.of(REFERENCE, Shape.of(2, 1, 2), 1.0, 2.0, 3.0, 4.0));
        Var b = Var.of(Tensor.of(REFERENCE, Shape.of(2, 2, 1), 5.0, 6.0, 7.0, 8.0));
        assertArrayEquals(new double[] {17, 53}, a.matmul(b).value().toArray());
        assertEquals(Shape.of(2, 1, 1), a.matmul(b).shape());
        Tensor outer = a.matmul(b, true, true).value();
        assertEquals(Shape.of(2, 2, 2), outer.shape());
        assertArrayEquals(new double[] {5, 6, 10, 12, 21, 24, 28, 32}, outer.toArray());
    }

    @Test
    void anEmptySumIsZero() {
        Var a = Var.of(Tensors.randn(1, 2, 0));
        Var b = Var.of(Tensors.randn(1, 0, 3));
        assertArrayEquals(new double[6], a.matmul(b).value().toArray());
    }

    @Test
    void keepsTheOtherFactorAlone() {
        long a = 2 * 15 * 8;
        long b = 2 * 10 * 8;
        assertEquals(a + b, saved(true, true));
        assertEquals(b, saved(true, false));
        assertEquals(a, saved(false, true));
        assertEquals(0, saved(false, false));
    }

    private static long saved(boolean... wanted) {
        return Gradients.saved(
                v -> v[0].matmul(v[1]),
                wanted,
                Tensors.randn(1, 2, 3, 5),
                Tensors.randn(1, 2, 5, 2));
    }

    @Test
    void wrongShapesAreNamed() {
        Var a = Var.of(Tensors.randn(1, 2, 3, 5));
        String expected =
                "Matmul[transposeA=false, transposeB=false]: needs op(a) [.., M,K] and op(b) [.., K,N]";
        for (int[] dims : new int[][] {{2, 3, 5}, {3, 5, 3}, {5, 3}, {1, 2, 5, 3}}) {
            Var b = Var.of(Tensors.randn(1, dims));
            Gradients.rejects(() -> a.matmul(b), expected, a + ", " + b);
        }
        Var row = Var.of(Tensors.randn(1, 3));
        Gradients.rejects(() -> row.matmul(row), expected);
    }
}
