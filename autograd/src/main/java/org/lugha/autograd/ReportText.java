package org.lugha.autograd;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.lugha.autograd.GradCheck.Report;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** A report in words: one line about the element, then lines about the rest. */
final class ReportText {
    private static final int MOST_VALUES = 24;

    private ReportText() {}

    static String of(Report r) {
        StringBuilder s = new StringBuilder(firstLine(r));
        s.append("\n  inputs: ").append(String.join(", ", r.inputs()));
        if (!r.errors().isEmpty()) {
            s.append("; worst relative error of each: ")
                    .append(
                            r.errors().stream()
                                    .map(e -> String.format(Locale.ROOT, "%.2g", e))
                                    .collect(Collectors.joining(", ")));
        }
        r.more().forEach(line -> s.append("\n  ").append(line));
        return s.toString();
    }

    static String firstLine(Report r) {
        String at = Arrays.toString(coordinates(r.shape(), r.index()));
        return switch (r.finding()) {
            case GRADIENT ->
                    String.format(
                            Locale.ROOT,
                            "%s: gradient of input %d at %s (element %d) is %.12g, central differences give %.12g, in doubt by %.1g: off by %.3g, relative error %.3g",
                            r.op(),
                            r.input(),
                            at,
                            r.index(),
                            r.analytic(),
                            r.numeric(),
                            r.doubt(),
                            r.absolute(),
                            r.error());
            case GRADIENT_OF_TWO_RUNS ->
                    r.op()
                            + ": not deterministic: gradient of input "
                            + r.input()
                            + " at "
                            + at
                            + " is "
                            + twice(r, "in one run", "in the next");
            case VALUE_OF_TWO_RUNS ->
                    r.op()
                            + ": not deterministic: the value at "
                            + at
                            + " is "
                            + twice(r, "in one run", "in the next");
            case VALUE_WHEN_RECORDED ->
                    r.op()
                            + ": the value at "
                            + at
                            + " is "
                            + twice(r, "without a tape", "with one");
        };
    }

    private static String twice(Report r, String first, String second) {
        return r.analytic()
                + " "
                + first
                + " and "
                + r.numeric()
                + " "
                + second
                + "; let it depend on its inputs and attributes alone";
    }

    /** The inputs that still fail, with their values if there are few, and the element. */
    static String smallest(Shrinking.Smallest small) {
        String inputs =
                Arrays.stream(small.inputs())
                        .map(t -> t.dtype() + t.shape().toString() + values(t))
                        .collect(Collectors.joining(", "));
        return "fails in the small too: " + inputs + ": " + firstLine(small.report());
    }

    private static String values(Tensor t) {
        if (t.count() > MOST_VALUES) {
            return "";
        }
        List<String> all =
                Arrays.stream(t.toArray())
                        .mapToObj(v -> v == Math.rint(v) ? "" + (long) v : "" + (float) v)
                        .toList();
        return " " + all;
    }

    static int[] coordinates(Shape shape, long index) {
        int[] at = new int[shape.rank()];
        long rest = index;
        for (int axis = at.length - 1; axis >= 0; axis--) {
            at[axis] = (int) (rest % Math.max(1, shape.dim(axis)));
            rest /= Math.max(1, shape.dim(axis));
        }
        return at;
    }
}
