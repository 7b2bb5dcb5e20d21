package org.lugha.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;

/** What jqwik draws. */
class TensorProviderTest {
    @Property
    void aGivenShape(@ForAll @Shape({2, 3}) Tensor x) {
        assertEquals(org.lugha.runtime.Shape.of(2, 3), x.shape());
        assertEquals(DType.F64, x.dtype());
        assertEquals(Tensors.REFERENCE, x.device());
    }

    @Property
    void bounds(
            @ForAll @Shape(minRank = 2, maxRank = 4, minExtent = 2, maxExtent = 5, maxElements = 40)
                    Tensor x,
            @ForAll @Shape(maxRank = 1) org.lugha.runtime.Shape shape) {
        assertTrue(x.shape().rank() >= 2 && x.shape().rank() <= 4, x::toString);
        assertTrue(x.count() <= 40, x::toString);
        assertTrue(Arrays.stream(x.shape().dims()).allMatch(e -> e >= 2 && e <= 5), x::toString);
        assertEquals(1, shape.rank());
    }

    @Property
    void sharedDimensions(@ForAll @Shapes({"n d", "m d 2", "m", ""}) Tensor[] in) {
        assertEquals(in[0].dim(1), in[1].dim(1));
        assertEquals(in[1].dim(0), in[2].dim(0));
        assertEquals(2, in[1].dim(2));
        assertEquals(0, in[3].shape().rank());
    }

    @Property
    void ordinaryValuesAreApartAndWithinTheirRange(
            @ForAll @Values(from = -0.5, to = 3) Tensor x,
            @ForAll @Values(from = 1e-3, to = 1, dtype = DType.F32) Tensor positive) {
        double[] all = x.toArray();
        Arrays.sort(all);
        for (int i = 0; i < all.length; i++) {
            assertTrue(all[i] >= -0.5 && all[i] <= 3, x::toString);
            assertTrue(Math.abs(all[i]) > 1e-4 && (i == 0 || all[i] - all[i - 1] > 1e-4));
        }
        assertEquals(DType.F32, positive.dtype());
        assertTrue(Arrays.stream(positive.toArray()).allMatch(v -> v > 9e-4 && v <= 1));
    }

    @Property
    void wholeNumbers(@ForAll @Values(from = 0, to = 4, dtype = DType.I32) Tensor ids) {
        assertEquals(DType.I32, ids.dtype());
        assertTrue(Arrays.stream(ids.toArray()).allMatch(v -> v >= 0 && v < 4));
    }

    @Property
    void edgesOfOneSign(
            @ForAll
                    @Values(
                            from = 0.5,
                            edges = {Edge.LARGE, Edge.TINY, Edge.DENORMAL})
                    Tensor x) {
        assertTrue(Arrays.stream(x.toArray()).allMatch(v -> v > 0), x::toString);
    }

    @Example
    void everyEdgeIsThere() {
        org.lugha.runtime.Shape many = org.lugha.runtime.Shape.of(100);
        for (Edge e : Edge.values()) {
            double[] all =
                    new Drawn(-2, 2, DType.F32, 1, false, Optional.of(e)).tensor(many).toArray();
            Arrays.sort(all);
            long edges =
                    switch (e) {
                        case ZEROS -> Arrays.stream(all).filter(v -> v == 0).count();
                        case TIES -> Arrays.stream(all).distinct().count();
                        case LARGE -> Arrays.stream(all).filter(v -> Math.abs(v) == 1e4).count();
                        case TINY ->
                                Arrays.stream(all)
                                        .filter(v -> Math.abs(v) == (double) 1e-20f)
                                        .count();
                        case DENORMAL ->
                                Arrays.stream(all)
                                        .filter(v -> Math.abs(v) == Float.MIN_VALUE)
                                        .count();
                    };
            assertTrue(edges > 30 && edges < 70, e + ": " + edges);
        }
    }

    @Test
    void plainNumbersHaveFewDigits() {
        Drawn plain = new Drawn(-2, 2, DType.F64, 7, true, Optional.empty());
        for (double v : plain.tensor(org.lugha.runtime.Shape.of(9)).toArray()) {
            assertEquals(Math.rint(v * 100) / 100, v);
        }
        assertArrayEquals(
                plain.tensor(org.lugha.runtime.Shape.of(3)).toArray(),
                plain.tensor(org.lugha.runtime.Shape.of(3)).toArray());
        assertNotEquals(
                plain.tensor(org.lugha.runtime.Shape.of(9)).toArray()[0],
                plain.other(1).tensor(org.lugha.runtime.Shape.of(9)).toArray()[0]);
        assertEquals(
                "F64[1]@reference [0.5]",
                new TensorFormat()
                        .report(Tensor.of(Tensors.REFERENCE, org.lugha.runtime.Shape.of(1), 0.5)));
    }
}
