package org.lugha.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

class GradientNormTest {
    @Test
    void ofAllGradientsTogether() {
        try (Parameter a = Parameter.of("a", Tensors.randn(1, 2));
                Parameter b = Parameter.of("b", Tensors.randn(1, 1, 1));
                Parameter without = Parameter.of("c", Tensors.randn(1, 4))) {
            assertEquals(0, GradientNorm.of(List.of(a, b, without)));
            gradient(a, 2, 3);
            gradient(b, 6);
            assertEquals(7, GradientNorm.of(List.of(a, b, without)), 1e-12);
        }
    }

    @Test
    void clipsAsPyTorchDoes() {
        assertEquals(1, GradientNorm.clip(0.5, 1));
        assertEquals(1 / (4 + 1e-6), GradientNorm.clip(4, 1));
        assertEquals(1 / (1 + 1e-6), GradientNorm.clip(1, 1));
        assertEquals(1, GradientNorm.clip(0, 1));
        assertEquals(1, GradientNorm.clip(4, 0));
        assertThrows(IllegalArgumentException.class, () -> GradientNorm.clip(1, -1));
    }

    @Test
    void whatIsNotFiniteIsNamed() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            try (Parameter a = Parameter.of("a", Tensors.randn(1, 2));
                    Parameter b = Parameter.of("layer.b", Tensors.randn(1, 2))) {
                gradient(a, 1, 2);
                gradient(b, 1, bad);
                String message =
                        assertThrows(
                                        ArithmeticException.class,
                                        () -> GradientNorm.of(List.of(a, b)))
                                .getMessage();
                assertTrue(
                        message.contains("their norm is " + bad + ", first in layer.b;"), message);
                assertTrue(message.contains("lower the learning rate"), message);
            }
        }
    }

    @Test
    void sumsInF64() {
        Tensor ones = Tensor.full(Tensors.REFERENCE, DType.F32, Shape.of(10), 1);
        try (Parameter large = Parameter.of("large", ones.slice(0, 0, 1));
                Parameter small = Parameter.of("small", ones)) {
            try (var _ = Tape.open()) {
                large.scale(4096).sum().backward();
                small.scale(0.0625).sum().backward();
            }
            double expected = Math.sqrt(4096.0 * 4096 + 10 * 0.0625 * 0.0625);
            assertEquals(expected, GradientNorm.of(List.of(large, small)), 1e-10);
        }
    }

    /** {@code sum (p v)} has the gradient v. */
    private static void gradient(Parameter p, double... values) {
        try (var _ = Tape.open()) {
            p.mul(Var.of(Tensor.of(Tensors.REFERENCE, p.shape(), values))).sum().backward();
        }
    }
}
