package org.lugha.autograd.testkit;

import java.util.Arrays;
import java.util.function.Function;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * One forward and backward of a function: what came out.
 *
 * @param op that made the value
 * @param shape of the value
 * @param gradients of every input; null where there is none
 */
record Run(String op, Shape shape, double[] value, double[][] gradients) {
    private static final long SEED = 0x6b6974L;

    /** The size of what backward starts from: between a third of this and this. */
    static final double DIRECTION = 1.5;

    /** All floating-point inputs are parameters. */
    static Run of(Function<Var[], Var> f, Tensor... inputs) {
        return frozen(f, -1, inputs);
    }

    /** As {@link #of}, one input being frozen. */
    static Run frozen(Function<Var[], Var> f, int frozen, Tensor... inputs) {
        Var[] in = new Var[inputs.length];
        for (int i = 0; i < in.length; i++) {
            in[i] =
                    inputs[i].dtype().isFloat()
                            ? Parameter.of("input " + i, inputs[i]).trainable(i != frozen)
                            : Var.of(inputs[i]);
        }
        try (var _ = Tape.open()) {
            Var y = f.apply(in);
            Run run = new Run(y.madeBy(), y.shape(), y.value().toArray(), new double[in.length][]);
            if (y.needsGradient()) {
                Tape.current().backward(y, direction(y.value()));
            }
            for (int i = 0; i < in.length; i++) {
                if (in[i] instanceof Parameter p && p.hasGradient()) {
                    run.gradients[i] = p.gradient().toArray();
                }
            }
            return run;
        } finally {
            for (Var v : in) {
                if (v instanceof Parameter p) {
                    p.close();
                }
            }
        }
    }

    /** The value with nothing recorded. */
    static double[] inference(Function<Var[], Var> f, Tensor... inputs) {
        try (var _ = Scope.open("inference")) {
            return f.apply(Arrays.stream(inputs).map(Var::of).toArray(Var[]::new))
                    .value()
                    .toArray();
        }
    }

    /** Copies on another device, those of floating point in another type. */
    static Tensor[] moved(Tensor[] inputs, Device device, DType type) {
        return Arrays.stream(inputs)
                .map(t -> t.copy(t.dtype().isFloat() ? type : t.dtype()).to(device))
                .toArray(Tensor[]::new);
    }

    double[] gradient(int input) {
        return gradients[input];
    }

    /** Between 0.5 and 1.5 in size, exact in F32. */
    private static Tensor direction(Tensor y) {
        return Tensor.generate(
                y.device(),
                y.dtype(),
                y.shape(),
                i -> {
                    float u = 2 * Philox.uniform(SEED, i) - 1;
                    return u + Math.copySign(0.5f, u);
                });
    }
}
