package org.lugha.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.lugha.runtime.DType;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;

/**
 * Gradients against central differences, in F64 on a host device. The output is projected on a
 * fixed random vector r, so that one backward checks the whole Jacobian: {@code phi(x) = sum_i r_i
 * f(x)_i}.
 *
 * <p>A difference {@code D(h) = (phi(x + h) - phi(x - h)) / 2h} errs by {@code O(h^2)} and by
 * rounding over h. A small h settles most elements; where it does not, Romberg's extrapolation from
 * h, h/2 and h/4 does, at that of four h which is least in doubt: never the one nearest to the
 * analytic gradient. The rounding of phi is measured, not assumed.
 */
public final class GradCheck {
    private static final long SEED = 0x67726164L;
    private static final double QUICK = 1e-5;
    private static final double SETTLED = 1e-8;
    private static final double[] STEPS = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5};
    private static final double WIGGLE = 1e-13;

    /** Shares of the largest gradient, of the output, and inverse of the doubt. */
    private static final double OF_LARGEST = 1e-5;

    private static final double OF_OUTPUT = 1e-9;
    private static final double OF_DOUBT = 1e7;

    private final Function<Var[], Var> f;
    private final Tensor[] at;
    private final double[] direction;
    private final double size;
    private String op = "input";

    private GradCheck(Function<Var[], Var> f, Tensor[] at) {
        this.f = f;
        this.at = at;
        double[] y = evaluate();
        direction = new double[y.length];
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            double u = 2 * Philox.uniform(SEED, i) - 1;
            direction[i] = u + Math.copySign(0.5, u); // no output is nearly left out
            sum += Math.abs(direction[i] * y[i]);
        }
        size = sum;
    }

    /**
     * The element whose gradient is worst.
     *
     * @param op the op that made the output, with its attributes
     * @param input which input
     * @param index row-major, in that input
     * @param error {@code |analytic - numeric|} over the larger of both; or over 1e-5 of the
     *     largest gradient of that input, 1e-9 of the output, or 1e7 times the doubt in the
     *     difference itself, where one of these is more
     */
    public record Report(
            String op, int input, long index, double analytic, double numeric, double error) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s: gradient of input %d at %d is %.12g, central differences give %.12g: relative error %.3g",
                    op,
                    input,
                    index,
                    analytic,
                    numeric,
                    error);
        }
    }

    /** The error of {@link #report}: below 1e-6 for a right gradient. */
    public static double worst(Function<Var[], Var> f, Tensor... inputs) {
        return report(f, inputs).error();
    }

    /**
     * Checks the gradient of f with respect to every element of every F64 input; inputs of I32 are
     * handed to f as constants. A wrong gradient of one element, by 1e-4 of itself, gives an error
     * above 1e-6.
     *
     * @throws ShapeException for an input of another type or on another device than the host's, and
     *     where no input is F64
     */
    public static Report report(Function<Var[], Var> f, Tensor... inputs) {
        try (var _ = Scope.open("GradCheck")) {
            Tensor[] at = new Tensor[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                if (!inputs[i].device().isHost()
                        || (inputs[i].dtype() != DType.F64 && inputs[i].dtype() != DType.I32)) {
                    throw new ShapeException(
                            "gradient check: needs F64 (or I32) inputs on a host device, input "
                                    + i
                                    + " is "
                                    + inputs[i]
                                    + "; convert it with copy(DType.F64)");
                }
                at[i] = inputs[i].copy(inputs[i].dtype());
            }
            if (Arrays.stream(at).noneMatch(t -> t.dtype() == DType.F64)) {
                throw new ShapeException(
                        "gradient check: needs an F64 input to differentiate with respect to, got "
                                + Arrays.toString(at)
                                + "; integers are constants");
            }
            return new GradCheck(f, at).run();
        }
    }

    private Report run() {
        List<double[]> analytic = analytic();
        Report worst = new Report(op, 0, 0, 0, 0, 0);
        for (int i = 0; i < at.length; i++) {
            double[] a = analytic.get(i);
            if (a == null) {
                continue;
            }
            double largest = 0;
            for (double g : a) {
                largest = Math.max(largest, Math.abs(g));
            }
            for (int j = 0; j < a.length; j++) {
                Report r = element(i, j, a[j], largest);
                if (!(r.error() <= worst.error())) {
                    worst = r;
                }
                if (Double.isNaN(r.error())) {
                    return r;
                }
            }
        }
        return worst;
    }

    /** The gradients of all F64 inputs; null for the others. */
    private List<double[]> analytic() {
        Var[] in = new Var[at.length];
        for (int i = 0; i < in.length; i++) {
            in[i] = at[i].dtype() == DType.F64 ? Parameter.of("input " + i, at[i]) : Var.of(at[i]);
        }
        try (var _ = Tape.open()) {
            Var y = f.apply(in);
            if (y.node() != null) {
                op = y.node().op();
                Tensor dy =
                        Tensor.generate(
                                y.value().device(), DType.F64, y.shape(), i -> direction[(int) i]);
                Tape.current().backward(y, dy);
            }
            List<double[]> gradients = new ArrayList<>();
            for (Var v : in) {
                gradients.add(v instanceof Parameter p ? gradient(p) : null);
            }
            return gradients;
        } finally {
            for (Var v : in) {
                if (v instanceof Parameter p) {
                    p.close();
                }
            }
        }
    }

    private static double[] gradient(Parameter p) {
        return p.hasGradient() ? p.gradient().toArray() : new double[(int) p.shape().count()];
    }

    private Report element(int input, int index, double analytic, double largest) {
        double unit = Math.max(1, Math.abs(at[input].get(index)));
        double slope = difference(input, index, QUICK * unit);
        Report quick = compare(input, index, analytic, new Slope(slope, 0), largest);
        if (quick.error() < SETTLED) {
            return quick;
        }
        double rounding = rounding(input, index, WIGGLE * unit);
        Slope best = null;
        for (double step : STEPS) {
            Slope s = romberg(input, index, step * unit, rounding);
            if (best == null || s.doubt() < best.doubt()) {
                best = s;
            }
        }
        return compare(input, index, analytic, best, largest);
    }

    private Report compare(int input, int index, double analytic, Slope s, double largest) {
        double error = Math.abs(analytic - s.value());
        double scale = Math.max(Math.abs(analytic), Math.abs(s.value()));
        scale = Math.max(scale, Math.max(OF_LARGEST * largest, OF_OUTPUT * size));
        scale = Math.max(scale, OF_DOUBT * s.doubt());
        return new Report(op, input, index, analytic, s.value(), error == 0 ? 0 : error / scale);
    }

    /** A numeric derivative and how far off it may be. */
    private record Slope(double value, double doubt) {}

    private Slope romberg(int input, int index, double h, double rounding) {
        double whole = difference(input, index, h);
        double half = difference(input, index, h / 2);
        double quarter = difference(input, index, h / 4);
        double coarse = (4 * half - whole) / 3;
        double fine = (4 * quarter - half) / 3;
        double value = (16 * fine - coarse) / 15;
        return new Slope(value, Math.max(Math.abs(fine - coarse), rounding / (h / 4)));
    }

    private double difference(int input, int index, double h) {
        double x = at[input].get(index);
        double[] above = moved(input, index, x + h);
        double[] below = moved(input, index, x - h);
        return change(above, below) / ((x + h) - (x - h));
    }

    /**
     * The largest change of phi under moves too small to matter; where it stands still, what one
     * rounding of numbers around 1, or of the output, would be.
     */
    private double rounding(int input, int index, double h) {
        double x = at[input].get(index);
        double[] here = moved(input, index, x);
        double largest = 2 * Math.ulp(Math.max(1, size));
        for (int i = 1; i <= 4; i++) {
            double[] there = moved(input, index, x + (i % 2 == 0 ? i : -i) * h);
            largest = Math.max(largest, Math.abs(change(there, here)));
        }
        return largest;
    }

    private double[] moved(int input, int index, double to) {
        double x = at[input].get(index);
        at[input].set(index, to);
        double[] y = evaluate();
        at[input].set(index, x);
        return y;
    }

    /** Of the projection; outputs that did not move do not take part with their rounding. */
    private double change(double[] to, double[] from) {
        double sum = 0;
        for (int i = 0; i < to.length; i++) {
            sum += direction[i] * (to[i] - from[i]);
        }
        return sum;
    }

    private double[] evaluate() {
        try (var _ = Scope.open("GradCheck")) {
            Var[] in = new Var[at.length];
            for (int i = 0; i < in.length; i++) {
                in[i] = Var.of(at[i]);
            }
            return f.apply(in).value().toArray();
        }
    }
}
