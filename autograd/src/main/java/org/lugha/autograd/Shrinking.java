package org.lugha.autograd;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;

/**
 * Smaller inputs that still fail, found by cutting slices. Axes of one extent are taken for one
 * dimension and cut together, across all inputs; then axes by themselves. What the function refuses
 * is passed over.
 */
final class Shrinking {
    private static final int MOST_TRIES = 150;

    private final Function<Tensor[], GradCheck.Report> check;
    private final double tolerance;
    private Tensor[] inputs;
    private GradCheck.Report report;
    private int tries;
    private boolean isSmaller;

    private Shrinking(
            Function<Tensor[], GradCheck.Report> check,
            double tolerance,
            Tensor[] inputs,
            GradCheck.Report report) {
        this.check = check;
        this.tolerance = tolerance;
        this.inputs = inputs;
        this.report = report;
    }

    /** What still fails, and how; whether it is smaller than what came. */
    record Smallest(Tensor[] inputs, GradCheck.Report report, boolean isSmaller) {}

    /**
     * Contiguous tensors that nothing smaller that was tried fails instead of.
     *
     * @param check of some inputs
     * @param report of these inputs, which fail
     */
    static Smallest of(
            Function<Tensor[], GradCheck.Report> check,
            double tolerance,
            Tensor[] inputs,
            GradCheck.Report report) {
        Shrinking s = new Shrinking(check, tolerance, inputs, report);
        boolean again = true;
        while (again) {
            again = s.together() || s.alone();
        }
        return new Smallest(s.inputs, s.report, s.isSmaller);
    }

    private boolean together() {
        Set<Integer> extents = new LinkedHashSet<>();
        for (Tensor t : inputs) {
            Arrays.stream(t.shape().dims()).filter(e -> e > 1).forEach(extents::add);
        }
        for (int extent : extents) {
            if (cut(extent, -1, -1)) {
                return true;
            }
        }
        return false;
    }

    private boolean alone() {
        for (int i = 0; i < inputs.length; i++) {
            for (int axis = 0; axis < inputs[i].shape().rank(); axis++) {
                int extent = inputs[i].dim(axis);
                if (extent > 1 && cut(extent, i, axis)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** To 1, to half, by 1: around the element that fails, and at either end. */
    private boolean cut(int extent, int input, int axis) {
        Set<Integer> targets = new LinkedHashSet<>(Arrays.asList(1, extent / 2, extent - 1));
        for (int to : targets) {
            for (int from : starts(extent, to)) {
                if (tries < MOST_TRIES && accepts(extent, input, axis, from, from + to)) {
                    return true;
                }
            }
        }
        return false;
    }

    private Set<Integer> starts(int extent, int to) {
        Set<Integer> starts = new LinkedHashSet<>();
        if (report.input() >= 0) {
            int[] at = report.coordinates();
            Tensor failing = inputs[report.input()];
            for (int axis = 0; axis < at.length; axis++) {
                if (failing.dim(axis) == extent) {
                    starts.add(Math.min(at[axis], extent - to));
                }
            }
        }
        starts.add(0);
        starts.add(extent - to);
        return starts;
    }

    private boolean accepts(int extent, int input, int axis, int from, int to) {
        tries++;
        try (Scope scope = Scope.open("GradCheck")) {
            Tensor[] smaller = new Tensor[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                Tensor t = inputs[i];
                for (int a = 0; a < t.shape().rank(); a++) {
                    boolean chosen = input < 0 || (input == i && axis == a);
                    t = chosen && inputs[i].dim(a) == extent ? t.slice(a, from, to) : t;
                }
                smaller[i] = t.copy(t.dtype());
            }
            GradCheck.Report r = check.apply(smaller);
            if (r.passes(tolerance)) {
                return false;
            }
            for (Tensor t : smaller) {
                scope.yield(t);
            }
            inputs = smaller;
            report = r;
            isSmaller = true;
            return true;
        } catch (RuntimeException _) {
            return false; // these shapes do not go together
        }
    }
}
