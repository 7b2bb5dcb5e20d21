package org.lugha.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;

/**
 * Gradients against central differences, in F64 on a host device. Each numeric derivative comes
 * with a doubt, how far off it may be itself, and a difference within that doubt is none.
 *
 * <pre>{@code
 * GradCheck.of(in -> new MyOp().apply(in)).inputs(x, w).check();
 * GradCheck.of(in -> model(in)).inputs(x, w).only(1).sampling(64).tolerance(1e-5).report();
 * }</pre>
 *
 * <p>Two runs must agree bit by bit first, in value and gradients: differences of a function that
 * changes by itself mean nothing. What is wrong is also looked for in slices of the inputs, and in
 * a composition every op is checked by itself.
 */
public final class GradCheck {
    private final Function<Var[], Var> f;
    private Tensor[] inputs = {};
    private int[] only;
    private int sampling = Integer.MAX_VALUE;
    private double tolerance = 1e-6;

    private GradCheck(Function<Var[], Var> f) {
        this.f = f;
    }

    /** What a report is about. */
    public enum Finding {
        /** Analytic and numeric gradient. */
        GRADIENT,
        /** The value of two runs, which must have the same bits. */
        VALUE_OF_TWO_RUNS,
        /** The gradient of two runs, which must have the same bits. */
        GRADIENT_OF_TWO_RUNS,
        /** The value without and with a tape open, which must have the same bits. */
        VALUE_WHEN_RECORDED
    }

    /**
     * The element whose gradient is worst.
     *
     * @param finding what was compared; two runs, where they disagree
     * @param op the op that made the output, with its attributes
     * @param input which input; -1 for the value
     * @param index row-major, in that input
     * @param shape of that input
     * @param analytic the gradient that backward gave; or the first run's number
     * @param numeric what central differences give; or the second run's number
     * @param doubt how far off {@code numeric} may be; 0 where the quick difference agreed
     * @param error {@code |analytic - numeric|} over the larger of both; or over 1e-5 of the
     *     largest gradient of that input, 1e-9 of the output, or 1e7 times the doubt, where one of
     *     these is more. Infinite for two runs that disagree
     * @param errors the worst error of each input; 0 for constants
     * @param inputs types and shapes
     * @param more lines for a reader: the op to blame, the smallest inputs that still fail
     */
    public record Report(
            Finding finding,
            String op,
            int input,
            long index,
            Shape shape,
            double analytic,
            double numeric,
            double doubt,
            double error,
            List<Double> errors,
            List<String> inputs,
            List<String> more) {

        /** {@code |analytic - numeric|}. */
        public double absolute() {
            return Math.abs(analytic - numeric);
        }

        /** Of the element, such as {@code {1, 2}}. */
        public int[] coordinates() {
            return ReportText.coordinates(shape, index);
        }

        /** Whether the error is below this; not a number is not. */
        public boolean passes(double tolerance) {
            return error < tolerance;
        }

        String firstLine() {
            return ReportText.firstLine(this);
        }

        Report with(List<Double> newErrors, List<String> newMore) {
            return new Report(
                    finding, op, input, index, shape, analytic, numeric, doubt, error, newErrors,
                    inputs, newMore);
        }

        @Override
        public String toString() {
            return ReportText.of(this);
        }
    }

    /** A check of this function, which makes one output of its inputs; still without inputs. */
    public static GradCheck of(Function<Var[], Var> f) {
        return new GradCheck(f);
    }

    /** F64 tensors, whose gradients are checked, and I32 ones, which are constants. */
    public GradCheck inputs(Tensor... all) {
        inputs = all.clone();
        return this;
    }

    /** Only the gradients of these inputs; the others become constants. */
    public GradCheck only(int... indices) {
        only = indices.clone();
        return this;
    }

    /** At most so many elements of each input, spread over it. */
    public GradCheck sampling(int elements) {
        sampling = elements;
        return this;
    }

    /** The error that does not pass any more; 1e-6 where none is given. */
    public GradCheck tolerance(double error) {
        tolerance = error;
        return this;
    }

    /** The error of {@link #report}: below 1e-6 for a right gradient. */
    public static double worst(Function<Var[], Var> f, Tensor... inputs) {
        return of(f).inputs(inputs).brief().error();
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
        return of(f).inputs(inputs).report();
    }

    /**
     * The report, if it passes.
     *
     * @throws AssertionError with the report, if it does not
     * @throws ShapeException as {@link #report(Function, Tensor...)}
     */
    public Report check() {
        Report report = report();
        if (!report.passes(tolerance)) {
            throw new AssertionError(report);
        }
        return report;
    }

    /** The worst element; where it does not pass also which op is to blame, and a small case. */
    public Report report() {
        try (var _ = Scope.open("GradCheck")) {
            Tensor[] at = copies();
            Report r = new Elements(phi(at), sampling, Double.NaN).worst();
            if (r.passes(tolerance)) {
                return r;
            }
            Shrinking.Smallest small =
                    Shrinking.of(
                            in -> new Elements(phi(in), sampling, tolerance).worst(),
                            tolerance,
                            at,
                            r);
            List<String> more = new ArrayList<>();
            if (r.finding() == Finding.GRADIENT) {
                OpByOp.verdict(phi(small.inputs()), tolerance).ifPresent(more::add);
            }
            if (small.isSmaller()) {
                more.add(ReportText.smallest(small));
            }
            return r.with(r.errors(), more);
        }
    }

    /** The worst element and nothing else. */
    Report brief() {
        try (var _ = Scope.open("GradCheck")) {
            return new Elements(phi(copies()), sampling, Double.NaN).worst();
        }
    }

    private Projection phi(Tensor... at) {
        boolean[] wanted = new boolean[at.length];
        for (int i = 0; i < at.length; i++) {
            int input = i;
            boolean chosen = only == null || Arrays.stream(only).anyMatch(o -> o == input);
            wanted[i] = chosen && at[i].dtype() == DType.F64;
        }
        return new Projection(f, at, wanted);
    }

    private Tensor[] copies() {
        Tensor[] at = new Tensor[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            Tensor t = inputs[i];
            if (!t.device().isHost() || (t.dtype() != DType.F64 && t.dtype() != DType.I32)) {
                throw new ShapeException(
                        String.format(
                                Locale.ROOT,
                                "gradient check: needs F64 (or I32) inputs on a host device, input %d is %s; convert it with copy(DType.F64)",
                                i,
                                t));
            }
            at[i] = t.copy(t.dtype());
        }
        if (Arrays.stream(at).noneMatch(t -> t.dtype() == DType.F64)) {
            throw new ShapeException(
                    "gradient check: needs an F64 input to differentiate with respect to, got "
                            + Arrays.toString(at)
                            + "; integers are constants");
        }
        return at;
    }
}
