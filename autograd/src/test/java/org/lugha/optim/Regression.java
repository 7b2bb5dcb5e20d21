package org.lugha.optim;

import java.util.List;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** {@code loss = sum (x W^T + b - t)^2} with fixed numbers: what the optimizers are tried on. */
record Regression(Parameter w, Parameter b, Tensor x, Tensor minusT) implements AutoCloseable {
    static Regression of(DType dtype) {
        Device d = Tensors.REFERENCE;
        return new Regression(
                Parameter.of("w", tensor(d, dtype, 2, 0.5, -1.25, 2, 0.125)),
                Parameter.of("b", tensor(d, dtype, 2, 0.75, -0.5).view(2)),
                tensor(d, dtype, 2, 1, 2, -0.5, 0.25, 3, -1),
                tensor(d, dtype, 2, -0.5, -1, -1, 1, 0, -2));
    }

    private static Tensor tensor(Device d, DType dtype, int last, double... values) {
        return Tensor.generate(
                d, dtype, Shape.of(values.length / last, last), i -> values[(int) i]);
    }

    List<Parameter> parameters() {
        return List.of(w, b);
    }

    /** Adds to the gradients; the loss. */
    double backward() {
        try (var _ = Tape.open()) {
            Var e = Var.of(x).linear(w, b).add(Var.of(minusT));
            Var loss = e.mul(e).sum();
            loss.backward();
            return loss.item();
        }
    }

    @Override
    public void close() {
        w.close();
        b.close();
    }
}
