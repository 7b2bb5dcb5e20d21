package org.lugha.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;

/** A linear layer whose weight is held in few bits. */
class QuantizedLayerTest implements Tensors {
    private static final Pass PASS = Pass.causal(false, 1, null);

    private static void quantize(Linear l) {
        try (var _ = Scope.open("quantise")) {
            Tensor w = l.weight().value();
            l.quantize(Quantized.nf4(l.isInOut() ? w.transpose(0, 1).contiguous() : w, 16));
        }
    }

    @Test
    void bothOrientationsComputeWithTheSameWeight() {
        Var x = Var.of(Tensors.randn(1, 2, 3));
        try (Linear a = new Linear(3, 5, true);
                Linear b = Linear.inOut(3, 5, true)) {
            a.initialize(REFERENCE, DType.F64, 1);
            b.weight().bind(a.weight().value().transpose(0, 1).contiguous());
            b.initialize(REFERENCE, DType.F64, 1);
            quantize(a);
            quantize(b);
            assertTrue(a.quantized().isPresent());
            assertFalse(a.weight().isTrainable());
            assertEquals(Shape.of(3, 5), b.weight().shape());
            assertEquals(Shape.of(3, 5), b.denseWeight().shape());
            assertArrayEquals(a.denseWeight().toArray(), b.denseWeight().transpose(0, 1).toArray());
            double[] y = a.forward(x, PASS).value().toArray();
            assertArrayEquals(y, b.forward(x, PASS).value().toArray());
            Var dense = Var.of(a.denseWeight().copy(DType.F64));
            assertArrayEquals(x.linear(dense, a.bias()).value().toArray(), y, 1e-15);
        }
    }

    @Test
    void recomputingGivesTheSameGradients() {
        try (Linear l = new Linear(4, 4, true);
                Parameter p = Parameter.of("p", Tensors.randn(1, 2, 4))) {
            l.initialize(REFERENCE, DType.F64, 1);
            l.bias().trainable(true);
            quantize(l);
            double[] plain = gradient(p, l, false);
            assertArrayEquals(plain, gradient(p, l, true));
        }
    }

    private static double[] gradient(Parameter p, Linear l, boolean recompute) {
        p.clearGradient();
        try (var _ = Tape.open()) {
            Var x = p.scale(2);
            Var y = recompute ? l.recompute(x, PASS) : l.forward(x, PASS);
            y.mul(y).sum().backward();
        }
        return p.gradient().toArray();
    }

    @Test
    void whatIsHeldSoIsNeitherReadNorTrained() {
        Linear l = new Linear(3, 5, false);
        l.named();
        l.initialize(REFERENCE, DType.F64, 1);
        assertEquals(15 * 8, l.weight().bytes());
        quantize(l);
        assertEquals(8 + 4, l.weight().bytes());
        String read =
                assertThrows(IllegalStateException.class, () -> l.weight().value()).getMessage();
        assertTrue(read.contains("weight [5, 3] is quantised"), read);
        String train =
                assertThrows(IllegalStateException.class, () -> l.freeze(false)).getMessage();
        assertTrue(train.contains("only a frozen weight"), train);
        String shape =
                assertThrows(
                                ShapeException.class,
                                () -> l.quantize(Quantized.int8(Tensors.randn(1, 3, 5))))
                        .getMessage();
        assertTrue(shape.contains("needs a weight [5, 3], got [3, 5]"), shape);
        l.weight().bind(Tensors.randn(2, 5, 3));
        assertTrue(l.quantized().isEmpty());
        quantize(l);
        long held = Tensors.live();
        l.close();
        assertFalse(l.weight().isBound());
        assertEquals(held - 8 - 4, Tensors.live());
    }
}
