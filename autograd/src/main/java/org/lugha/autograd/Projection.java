package org.lugha.autograd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.lugha.runtime.DType;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * A function of tensors turned into one number: its output projected on a fixed random vector r,
 * {@code phi(x) = sum_i r_i f(x)_i}, so that one backward checks the whole Jacobian.
 */
final class Projection {
    private static final long SEED = 0x67726164L;

    private final Function<Var[], Var> f;
    private final Tensor[] at;
    private final boolean[] wanted;
    private final double[] value;
    private final double[] direction;
    private final double size;

    /**
     * @param at the inputs, changed and changed back by {@link #moved}
     * @param wanted those whose gradient is asked for
     */
    Projection(Function<Var[], Var> f, Tensor[] at, boolean[] wanted) {
        this.f = f;
        this.at = at;
        this.wanted = wanted;
        value = evaluate();
        direction = new double[value.length];
        double sum = 0;
        for (int i = 0; i < value.length; i++) {
            double u = 2 * Philox.uniform(SEED, i) - 1;
            direction[i] = u + Math.copySign(0.5, u); // no output is nearly left out
            sum += Math.abs(direction[i] * value[i]);
        }
        size = sum;
    }

    /**
     * One forward and backward.
     *
     * @param op that made the output
     * @param shape of the output
     * @param gradients by input; null where none is wanted
     */
    record Run(String op, Shape shape, double[] value, List<double[]> gradients) {}

    Tensor[] at() {
        return at;
    }

    double[] value() {
        return value;
    }

    /** {@code sum_i |r_i f(x)_i|}. */
    double size() {
        return size;
    }

    /** The value with nothing recorded. */
    double[] evaluate() {
        try (var _ = Scope.open("GradCheck")) {
            Var[] in = new Var[at.length];
            for (int i = 0; i < in.length; i++) {
                in[i] = Var.of(at[i]);
            }
            return f.apply(in).value().toArray();
        }
    }

    /** The value where one element is another. */
    double[] moved(int input, int index, double to) {
        double x = at[input].get(index);
        at[input].set(index, to);
        try {
            return evaluate();
        } finally {
            at[input].set(index, x);
        }
    }

    /** Of the projection; outputs that did not move do not take part with their rounding. */
    double change(double[] to, double[] from) {
        double sum = 0;
        for (int i = 0; i < to.length; i++) {
            sum += direction[i] * (to[i] - from[i]);
        }
        return sum;
    }

    Run backward() {
        Var[] in = leaves();
        try (var _ = Tape.open()) {
            Var y = f.apply(in);
            double[] recorded = y.value().toArray();
            if (y.node() != null && recorded.length == direction.length) {
                Tensor dy =
                        Tensor.generate(
                                y.value().device(), DType.F64, y.shape(), i -> direction[(int) i]);
                Tape.current().backward(y, dy);
            }
            List<double[]> gradients = new ArrayList<>();
            for (Var v : in) {
                gradients.add(v instanceof Parameter p ? gradient(p) : null);
            }
            return new Run(y.madeBy(), y.shape(), recorded, gradients);
        } finally {
            close(in);
        }
    }

    /** Shows what the tape recorded in one forward, in this order, while all of it is alive. */
    <T> T recorded(Function<List<Context>, T> look) {
        Var[] in = leaves();
        try (Tape tape = Tape.open()) {
            var _ = f.apply(in);
            return look.apply(tape.nodes());
        } finally {
            close(in);
        }
    }

    private Var[] leaves() {
        Var[] in = new Var[at.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = wanted[i] ? Parameter.of("input " + i, at[i]) : Var.of(at[i]);
        }
        return in;
    }

    private static double[] gradient(Parameter p) {
        return p.hasGradient() ? p.gradient().toArray() : new double[(int) p.shape().count()];
    }

    private static void close(Var... in) {
        for (Var v : in) {
            if (v instanceof Parameter p) {
                p.close();
            }
        }
    }
}
