package org.lugha.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.lugha.autograd.check.Gradients;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import org.lugha.runtime.FreedTensorException;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** What is refused of every op alike; that none is left out is BadInputTest's part. */
class InputsTest implements Tensors {
    @Test
    void integersHaveNoGradient() {
        Var x = Var.of(Tensors.randn(1, 2, 3));
        Var ids = Var.of(Tensors.ids(1, 5, 2, 3));
        Gradients.rejects(
                () -> x.add(ids),
                "Add[]: needs floating-point numbers as input 1, got I32[2, 3]@reference;"
                        + " convert it with copy(DType.F32)");
        Gradients.rejects(
                () -> Parameter.of("p", ids.value()),
                "bind: parameter p is declared [2, 3] of contiguous floating-point numbers, got"
                        + " I32[2, 3]@reference");
    }

    @Test
    void onePrecision() {
        Var x = Var.of(Tensors.randn(1, 2));
        Var y = Var.of(Tensor.randn(REFERENCE, DType.F32, Shape.of(2), 1));
        Var z = Var.of(Tensor.randn(REFERENCE, DType.BF16, Shape.of(2), 1));
        Gradients.rejects(
                () -> x.mul(y),
                "Mul[]: needs inputs that are all F64, or none, got F64[2]@reference,"
                        + " F32[2]@reference; convert them with copy(dtype)");
        assertEquals(y.value().get(0) * z.value().get(0), y.mul(z).value().get(0), 1e-6);
    }

    @Test
    void oneDevice() {
        Var x = Var.of(Tensors.randn(1, 2));
        Var y = Var.of(Tensor.randn(Devices.get("cpu"), DType.F64, Shape.of(2), 1));
        Gradients.rejects(
                () -> x.add(y),
                "Add[]: needs inputs on one device, got F64[2]@reference, F64[2]@cpu;"
                        + " bring them together with to(device)");
    }

    @Test
    void whatDiedWithItsTapeIsNamed() {
        try (Parameter p = Parameter.of("p", Tensors.randn(1, 2))) {
            Var y;
            try (var _ = Tape.open()) {
                y = p.scale(2);
            }
            String message = assertThrows(FreedTensorException.class, () -> y.view(2)).getMessage();
            assertTrue(
                    message.startsWith(
                            "View[shape=[2]]: input 0 F64[2]@reference is gone: this tensor was"
                                    + " created in scope 'step' and freed when 'step' ended"),
                    message);
        }
    }
}
