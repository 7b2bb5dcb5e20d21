package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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

class LowRankTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll("batches") Shape shape,
            @ForAll("extents") int out,
            @ForAll("extents") int rank,
            @ForAll long seed) {
        LowRank op = new LowRank(1.5);
        Tensor x = Tensors.randn(seed, shape);
        Tensor y = Tensors.randn(seed + 1, shape.withLast(out));
        Tensor a = Tensors.randn(seed + 2, rank, shape.last());
        Tensor b = Tensors.randn(seed + 3, out, rank);
        Gradients.check(v -> op.apply(v[0], v[1], v[2], v[3]), y, x, a, b);
    }

    @Property
    void gradientOfSomeRanks(
            @ForAll @IntRange(max = 3) int from,
            @ForAll @IntRange(min = 1, max = 3) int more,
            @ForAll long seed) {
        Tensor y = Tensors.randn(seed, 2, 3);
        Tensor x = Tensors.randn(seed + 1, 2, 5);
        Tensor a = Tensors.randn(seed + 2, 4, 5);
        Tensor b = Tensors.randn(seed + 3, 3, 4);
        int to = Math.min(4, from + more);
        // Frozen ranks are those of constants, so that the difference sees the trained alone.
        Gradients.check(
                v -> {
                    Var first = Var.of(a).slice(0, 0, from);
                    Var rest = v[2].slice(0, from, 4);
                    Var left = Var.of(b).slice(1, 0, from);
                    Var right = v[3].slice(1, from, 4);
                    return new LowRank(1.5, from, to)
                            .apply(
                                    v[0],
                                    v[1],
                                    Var.concat(0, first, rest),
                                    Var.concat(1, left, right));
                },
                y,
                x,
                a,
                b);
    }

    @Test
    void ranksThatAreLeftOutGetNothing() {
        try (Parameter a = Parameter.of("a", Tensors.randn(1, 4, 5));
                Parameter b = Parameter.of("b", Tensors.randn(2, 3, 4))) {
            for (int twice = 0; twice < 2; twice++) {
                try (var _ = Tape.open()) {
                    Var y = Var.of(Tensors.randn(3, 2, 3));
                    Var x = Var.of(Tensors.randn(4, 2, 5));
                    Var some = new LowRank(2, 1, 3).apply(y, x, a, b);
                    Var same =
                            new LowRank(2)
                                    .apply(
                                            y,
                                            x,
                                            Var.of(a.value().slice(0, 0, 3).contiguous()),
                                            Var.of(b.value().slice(1, 0, 3).contiguous()));
                    assertArrayEquals(same.value().toArray(), some.value().toArray(), 1e-12);
                    some.sum().backward();
                }
            }
            for (int r = 0; r < 4; r++) {
                boolean trained = r == 1 || r == 2;
                double[] da = a.gradient().slice(0, r, r + 1).toArray();
                double[] db = b.gradient().slice(1, r, r + 1).toArray();
                assertEquals(trained, Arrays.stream(da).anyMatch(d -> d != 0), "A " + r);
                assertEquals(trained, Arrays.stream(db).anyMatch(d -> d != 0), "B " + r);
            }
        }
    }

    @Property
    void agreesOnAllDevices(
            @ForAll("wide") Shape shape,
            @ForAll @IntRange(min = 1, max = 40) int out,
            @ForAll("extents") int rank,
            @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> new LowRank(1.5).apply(v[0], v[1], v[2], v[3]),
                Tensors.randn(seed + 1, shape.withLast(out)),
                Tensors.randn(seed, shape),
                Tensors.randn(seed + 2, rank, shape.last()),
                Tensors.randn(seed + 3, out, rank));
        OpAssertions.assertSameOnAllDevices(
                v -> new LowRank(1.5, rank / 2, rank / 2 + 1).apply(v[0], v[1], v[2], v[3]),
                Tensors.randn(seed + 1, shape.withLast(out)),
                Tensors.randn(seed, shape),
                Tensors.randn(seed + 2, rank, shape.last()),
                Tensors.randn(seed + 3, out, rank));
    }

    @Property
    void gradientOfALayerThatAdaptsItself(@ForAll("batches") Shape shape, @ForAll long seed) {
        Tensor x = Tensors.randn(seed, shape);
        Tensor a = Tensors.randn(seed + 2, 2, shape.last());
        Tensor b = Tensors.randn(seed + 3, shape.last(), 2);
        Gradients.check(v -> new LowRank(-1).apply(v[0], v[0], v[1], v[2]), x, a, b);
    }

    @Test
    void keepsWhatBackwardReads() {
        long x = 2 * 5 * 8;
        long a = 2 * 5 * 8;
        long b = 3 * 2 * 8;
        long h = 2 * 2 * 8;
        assertEquals(x + a + b + h, saved(true, true, true, true));
        assertEquals(x + b + h, saved(false, false, true, true), "the usual: A and B train");
        assertEquals(h, saved(false, false, false, true));
        assertEquals(0, saved(true, false, false, false));
    }

    private static long saved(boolean... wanted) {
        return Gradients.saved(
                v -> new LowRank(2).apply(v),
                wanted,
                Tensors.randn(1, 2, 3),
                Tensors.randn(2, 2, 5),
                Tensors.randn(3, 2, 5),
                Tensors.randn(4, 3, 2));
    }

    @Test
    void wrongShapesAreNamed() {
        Var y = Var.of(Tensors.randn(1, 2, 3));
        Var x = Var.of(Tensors.randn(1, 2, 5));
        Var a = Var.of(Tensors.randn(1, 2, 5));
        Var b = Var.of(Tensors.randn(1, 4, 2));
        Var row = Var.of(Tensors.randn(1, 5));
        Gradients.rejects(
                () -> new LowRank(2).apply(y, x, a, b),
                "LowRank[scale=2.0]",
                "needs y [.., out], x [.., in], A [r, in], B [out, r]",
                "got F64[2, 3]@reference, F64[2, 5]@reference, F64[2, 5]@reference, F64[4, 2]@reference");
        Gradients.rejects(() -> new LowRank(2).apply(y, x, row, b), "LowRank", "F64[5]@reference");
    }
}
