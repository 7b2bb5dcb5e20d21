package org.lugha.autograd.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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

class RelativeBiasTest implements Tensors {

    @Property
    void gradientMatchesCentralDifferences(
            @ForAll boolean bidirectional,
            @ForAll @IntRange(min = 4, max = 9) int buckets,
            @ForAll @IntRange(min = 0, max = 4) int queries,
            @ForAll @IntRange(min = 0, max = 3) int before,
            @ForAll long seed) {
        RelativeBias op = new RelativeBias(bidirectional, 6, queries, queries + before, before);
        Tensor table = Tensors.randn(seed, buckets, 2);
        OpAssertions.assertGradient(op::apply, table);
        OpAssertions.assertGradient(v -> op.apply(v[0].scale(2)).softmax(), table);
    }

    @Property
    void agreesOnAllDevices(
            @ForAll boolean bidirectional,
            @ForAll @IntRange(min = 4, max = 9) int buckets,
            @ForAll @IntRange(min = 0, max = 4) int queries,
            @ForAll @IntRange(min = 0, max = 3) int before,
            @ForAll long seed) {
        OpAssertions.assertSameOnAllDevices(
                v -> new RelativeBias(bidirectional, 6, queries, queries + before, before).apply(v),
                Tensors.randn(seed, buckets, 2));
    }

    /** The first distances of all buckets, as transformers' T5 has them, one direction each. */
    @Test
    void bucketsAreThoseOfT5() {
        assertBuckets(true, 32, 128, -1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91);
        assertBuckets(true, 32, 128, 1, 16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91);
        assertBuckets(
                false, 32, 128, -1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 19,
                21, 24, 27, 31, 35, 40, 46, 52, 59, 67, 77, 87, 99, 113);
        assertBuckets(false, 8, 20, -1, 0, 0, 1, 2, 3, 4, 6, 9, 14);
        assertBuckets(true, 6, 50, -1, 0, 0, 1, 8);
        assertBuckets(true, 6, 50, 1, 3, 0, 1, 8);
        assertBuckets(true, 14, 777, -1, 0, 0, 1, 2, 3, 13, 49, 194);
        assertBuckets(false, 8, 20, 1, 0, 0);
    }

    private static void assertBuckets(
            boolean bidirectional, int buckets, int most, int sign, int first, int... starts) {
        RelativeBias op = new RelativeBias(bidirectional, most, 1, 1, 0);
        int last = -1;
        for (int distance = 0; distance < 3000; distance++) {
            last += last + 1 < starts.length && distance == starts[last + 1] ? 1 : 0;
            int expected = distance == 0 ? 0 : first + last;
            assertEquals(expected, op.bucket(sign * distance, buckets), "distance " + distance);
        }
    }

    @Test
    void shapesAndValues() {
        double[] heads = {1, -1, 2, -2, 3, -3, 4, -4};
        try (Parameter table = Parameter.of("table", Tensor.of(REFERENCE, Shape.of(4, 2), heads));
                var _ = Tape.open()) {
            Var y = new RelativeBias(true, 8, 2, 3, 1).apply(table);
            assertEquals(Shape.of(2, 2, 3), y.shape());
            assertArrayEquals(
                    new double[] {2, 1, 4, 2, 2, 1, -2, -1, -4, -2, -2, -1}, y.value().toArray());
            y.sum().backward();
            double[] counts = {2, 2, 3, 3, 0, 0, 1, 1};
            assertArrayEquals(counts, table.gradient().toArray());
        }
    }

    @Test
    void keepsNothing() {
        assertEquals(
                0,
                Gradients.saved(
                        v -> new RelativeBias(true, 8, 3, 3, 0).apply(v),
                        new boolean[] {true},
                        Tensors.randn(1, 4, 2)));
    }

    @Test
    void wrongTablesAndSizesAreNamed() {
        RelativeBias op = new RelativeBias(true, 8, 3, 3, 0);
        String name =
                "RelativeBias[bidirectional=true, maxDistance=8, queries=3, keys=3, offset=0]: ";
        Gradients.rejects(
                () -> op.apply(Var.of(Tensors.randn(1, 4))), name, "needs a table [buckets, H]");
        for (int buckets : new int[] {1, 2, 3, 32}) {
            Gradients.rejects(
                    () -> op.apply(Var.of(Tensors.randn(1, buckets, 2))),
                    name + "needs two buckets a side at least, half of them fewer than maxDistance",
                    "F64[" + buckets + ", 2]@reference");
        }
        String message =
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new RelativeBias(true, 8, -1, 3, 0))
                        .getMessage();
        assertEquals(
                "relative bias: needs numbers of queries and keys from 0 on, got -1 and 3",
                message);
    }
}
