package org.lugha.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lugha.autograd.GradCheck.Finding;
import org.lugha.autograd.GradCheck.Report;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** One gradient check: two runs against each other, then element by element. */
final class Elements {
    private static final long SEED = 0x73616d70L;
    private static final double SETTLED = 1e-8;

    /** Shares of the largest gradient, of the output, and inverse of the doubt. */
    private static final double OF_LARGEST = 1e-5;

    private static final double OF_OUTPUT = 1e-9;
    private static final double OF_DOUBT = 1e7;

    private final Projection phi;
    private final int sampling;
    private final double enough;
    private final Projection.Run run;
    private final List<String> inputs;

    /**
     * @param sampling at most so many elements an input
     * @param enough the check is over at the first error that is not below this; NaN for never
     */
    Elements(Projection phi, int sampling, double enough) {
        this.phi = phi;
        this.sampling = sampling;
        this.enough = enough;
        run = phi.backward();
        inputs = Arrays.stream(phi.at()).map(t -> t.dtype() + t.shape().toString()).toList();
    }

    Report worst() {
        Report unlike = unlike();
        if (unlike != null) {
            return unlike;
        }
        Report worst = report(Finding.GRADIENT, 0, 0, 0, new Slope(0, 0), 0);
        List<Double> errors = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Report r = worstOf(i);
            errors.add(r.error());
            if (!(r.error() <= worst.error())) {
                worst = r;
            }
            if (isEnough(worst)) {
                break;
            }
        }
        return worst.with(errors, List.of());
    }

    /** Ends the check: an error that is not a number, or large enough. */
    private boolean isEnough(Report r) {
        return Double.isNaN(r.error()) || r.error() >= enough;
    }

    private Report worstOf(int input) {
        Report worst = report(Finding.GRADIENT, input, 0, 0, new Slope(0, 0), 0);
        double[] gradient = run.gradients().get(input);
        if (gradient == null) {
            return worst;
        }
        double largest = Arrays.stream(gradient).map(Math::abs).max().orElse(0);
        int count = Math.min(sampling, gradient.length);
        for (int k = 0; k < count; k++) {
            int index = sample(k, count, gradient.length);
            Report r = element(input, index, gradient[index], largest);
            if (!(r.error() <= worst.error())) {
                worst = r;
            }
            if (isEnough(worst)) {
                break;
            }
        }
        return worst;
    }

    /** The k-th of {@code count} parts of all elements gives one of its own. */
    private static int sample(long k, int count, int all) {
        long from = k * all / count;
        long to = (k + 1) * all / count;
        return (int) (from + (long) ((to - from) * (double) Philox.uniform(SEED, k)));
    }

    private Report element(int input, int index, double analytic, double largest) {
        Report quick = compare(input, index, analytic, Slope.quick(phi, input, index), largest);
        return quick.error() < SETTLED
                ? quick
                : compare(input, index, analytic, Slope.careful(phi, input, index), largest);
    }

    private Report compare(int input, int index, double analytic, Slope s, double largest) {
        double off = Math.abs(analytic - s.value());
        double scale = Math.max(Math.abs(analytic), Math.abs(s.value()));
        scale = Math.max(scale, Math.max(OF_LARGEST * largest, OF_OUTPUT * phi.size()));
        scale = Math.max(scale, OF_DOUBT * s.doubt());
        return report(Finding.GRADIENT, input, index, analytic, s, off == 0 ? 0 : off / scale);
    }

    /** Where two runs disagree, or the one that was recorded with the one that was not; or null. */
    private Report unlike() {
        Report value = unlike(Finding.VALUE_OF_TWO_RUNS, -1, phi.value(), phi.evaluate());
        if (value == null) {
            value = unlike(Finding.VALUE_WHEN_RECORDED, -1, phi.value(), run.value());
        }
        if (value != null) {
            return value;
        }
        Projection.Run again = phi.backward();
        for (int i = 0; i < inputs.size(); i++) {
            double[] first = run.gradients().get(i);
            if (first != null) {
                double[] second = again.gradients().get(i);
                Report r = unlike(Finding.GRADIENT_OF_TWO_RUNS, i, first, second);
                if (r != null) {
                    return r;
                }
            }
        }
        return null;
    }

    private Report unlike(Finding finding, int input, double[] first, double[] second) {
        int at = Arrays.mismatch(first, second);
        if (at < 0) {
            return null;
        }
        double a = at < first.length ? first[at] : Double.NaN;
        double b = at < second.length ? second[at] : Double.NaN;
        return report(finding, input, at, a, new Slope(b, 0), Double.POSITIVE_INFINITY);
    }

    private Report report(Finding finding, int input, int index, double a, Slope s, double error) {
        Tensor[] at = phi.at();
        Shape shape = input < 0 ? run.shape() : at.length == 0 ? Shape.of() : at[input].shape();
        return new Report(
                finding, run.op(), input, index, shape, a, s.value(), s.doubt(), error, List.of(),
                inputs, List.of());
    }
}
