package org.lugha.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;

/** The building blocks, their first values, and the cache. */
class LayersTest implements Tensors {
    private static final Pass PASS = Pass.causal(false, 1, null);

    @Test
    void linearInBothOrientations() {
        Var x = Var.of(Tensors.randn(1, 2, 3));
        try (Linear a = new Linear(3, 5, true);
                Linear b = Linear.inOut(3, 5, true)) {
            a.initialize(REFERENCE, DType.F64, 1);
            Tensor t = a.weight().value().transpose(0, 1).contiguous();
            b.weight().bind(t);
            b.initialize(REFERENCE, DType.F64, 2);
            assertEquals(Shape.of(5, 3), a.weight().shape());
            assertEquals(Shape.of(3, 5), b.weight().shape());
            assertEquals(List.of(3, 5), List.of(a.in(), a.out()));
            assertEquals(List.of(3, 5), List.of(b.in(), b.out()));
            assertEquals(List.of("weight", "bias"), List.copyOf(b.named().keySet()));
            assertArrayEquals(
                    a.forward(x, PASS).value().toArray(),
                    b.forward(x, PASS).value().toArray(),
                    1e-15);
            b.named().get("bias").bind(Tensor.full(REFERENCE, DType.F64, Shape.of(5), 2));
            assertEquals(
                    a.forward(x, PASS).value().get(4) + 2,
                    b.forward(x, PASS).value().get(4),
                    1e-15);
        }
    }

    @Test
    void embeddingAndNorms() {
        try (Embedding e = new Embedding(4, 3);
                RmsNorm n = new RmsNorm(3, 0)) {
            e.initialize(REFERENCE, DType.F64, 1);
            n.initialize(REFERENCE, DType.F64, 1);
            Tensor ids = Tensor.of(REFERENCE, Shape.of(1, 2), 3, 0);
            Tensor y = e.forward(Var.of(ids), PASS).value();
            assertEquals(Shape.of(1, 2, 3), y.shape());
            assertEquals(e.weight().value().get(9), y.get(0));
            double[] z = n.forward(Var.of(y), PASS).value().toArray();
            assertEquals(3, z[0] * z[0] + z[1] * z[1] + z[2] * z[2], 1e-12);
        }
        try (RmsNorm one = new RmsNorm(3, 1, 0);
                LayerNorm bare = new LayerNorm(3, 0, false)) {
            one.initialize(REFERENCE, DType.F64, 1);
            bare.initialize(REFERENCE, DType.F64, 1);
            Var x = Var.of(Tensor.of(REFERENCE, Shape.of(1, 3), 1.0, 1.0, 1.0));
            assertArrayEquals(new double[] {1, 1, 1}, one.forward(x, PASS).value().toArray());
            assertEquals(List.of("weight"), List.copyOf(bare.named().keySet()));
        }
        try (LayerNorm n = new LayerNorm(4, 0)) {
            n.initialize(REFERENCE, DType.F64, 1);
            n.bias().bind(Tensor.full(REFERENCE, DType.F64, Shape.of(4), 7));
            Var x = Var.of(Tensor.of(REFERENCE, Shape.of(1, 4), 1.0, 1.0, 3.0, 3.0));
            assertArrayEquals(new double[] {6, 6, 8, 8}, n.forward(x, PASS).value().toArray());
            assertEquals(List.of("weight", "bias"), List.copyOf(n.named().keySet()));
        }
    }

    @Test
    void firstValuesHaveTheirSpread() {
        int n = 20_000;
        double[] normal = Init.normal(0.02).make(REFERENCE, DType.F64, Shape.of(n), 3).toArray();
        double[] uniform = Init.uniform(0.5).make(REFERENCE, DType.F64, Shape.of(n), 3).toArray();
        double squares = 0;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            squares += normal[i] * normal[i];
            sum += uniform[i];
            assertTrue(uniform[i] >= -0.5 && uniform[i] < 0.5);
        }
        assertEquals(0.02, Math.sqrt(squares / n), 0.0005);
        assertEquals(0, sum / n, 0.01);
        assertEquals(1, Init.ones().make(REFERENCE, DType.F64, Shape.of(1), 3).item());
    }

    @Test
    void theCacheGrowsUpToItsCapacity() {
        try (KvCache cache = new KvCache(REFERENCE, DType.F64, 2, 1, 3, 2, 1)) {
            for (int layer = 0; layer < 2; layer++) {
                cache.append(layer, filled(1, 2), filled(-1, 2));
                assertEquals(Shape.of(1, 2, 2, 1), cache.keys(layer, 2).shape());
            }
            cache.advance(2);
            cache.append(1, filled(5, 1), filled(-5, 1));
            assertArrayEquals(new double[] {1, 1, 1, 1, 5, 5}, cache.keys(1, 1).toArray());
            assertArrayEquals(new double[] {-1, -1, -1, -1, -5, -5}, cache.values(1, 1).toArray());
            cache.advance(1);
            assertEquals(3, cache.length());
            String message =
                    assertThrows(
                                    ShapeException.class,
                                    () -> cache.append(0, filled(1, 1), filled(1, 1)))
                            .getMessage();
            assertEquals(
                    "cache: room for 3 tokens, 3 are held and 1 more came; open it with a larger"
                            + " capacity",
                    message);
        }
    }

    private static Tensor filled(double value, int tokens) {
        return Tensor.full(REFERENCE, DType.F64, Shape.of(1, tokens, 2, 1), value);
    }
}
