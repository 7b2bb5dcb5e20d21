package org.lugha.autograd.testkit;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import org.lugha.autograd.Var;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * A function in F32 on a device against F64 on the reference, at inputs that F32 holds exactly. How
 * far apart two tensors may be is a share of the largest element; where that is not enough, as in a
 * sum that cancels, it is what the same share of the inputs makes of the result.
 */
final class Agreement {
    private static final double SHARE = 1e-5;
    private static final int MOVES = 8;

    private final Function<Var[], Var> f;
    private final Tensor[] rounded;
    private final Tensor[] exact;
    private final Run expected;

    Agreement(Function<Var[], Var> f, Tensor... inputs) {
        this.f = f;
        rounded = Run.moved(inputs, Available.reference(), DType.F32);
        exact = Run.moved(rounded, Available.reference(), DType.F64);
        expected = Run.of(f, exact);
    }

    void assertOn(Device device) {
        Run actual = Run.of(f, Run.moved(rounded, device, DType.F32));
        if (!actual.shape().equals(expected.shape())) {
            throw new AssertionError(
                    at(device) + "the value is " + actual.shape() + ", not " + expected.shape());
        }
        compare(device, -1, actual);
        for (int i = 0; i < rounded.length; i++) {
            compare(device, i, actual);
        }
    }

    /** Of one gradient, or of the value for -1. */
    private void compare(Device device, int input, Run run) {
        double[] want = part(expected, input);
        double[] got = part(run, input);
        if (want == null || got == null) {
            if ((want == null) != (got == null)) {
                throw new AssertionError(
                        at(device)
                                + name(input)
                                + (got == null ? " is missing" : " exists")
                                + ", unlike on the reference");
            }
            return;
        }
        double largest = 0;
        int worst = 0;
        double off = 0;
        for (int i = 0; i < want.length; i++) {
            largest = Math.max(largest, Double.isFinite(want[i]) ? Math.abs(want[i]) : 0);
            double d = same(want[i], got[i]) ? 0 : Math.abs(want[i] - got[i]);
            if (!(d <= off)) {
                worst = i;
                off = d;
            }
            if (Double.isNaN(off)) {
                break;
            }
        }
        if (off <= SHARE * largest || off <= sensitivity(input)) {
            return;
        }
        Shape shape = input < 0 ? expected.shape() : rounded[input].shape();
        throw new AssertionError(
                String.format(
                        Locale.ROOT,
                        "%s%s at %s is %.9g, the reference has %.9g: off by %.3g of the largest, %.9g, allowed %.0e; inputs %s",
                        at(device),
                        name(input),
                        Coordinates.of(shape, worst),
                        got[worst],
                        want[worst],
                        off / largest,
                        largest,
                        SHARE,
                        Arrays.toString(rounded)));
    }

    private static boolean same(double want, double got) {
        return want == got || (float) want == got || (Double.isNaN(want) && Double.isNaN(got));
    }

    private String at(Device device) {
        return expected.op() + " in F32 on " + device.name() + ": ";
    }

    private static String name(int input) {
        return input < 0 ? "the value" : "the gradient of input " + input;
    }

    private static double[] part(Run run, int input) {
        return input < 0 ? run.value() : run.gradient(input);
    }

    /** The largest change that small moves of all inputs make. Equal numbers move alike. */
    private double sensitivity(int input) {
        double[] here = part(expected, input);
        double largest = 0;
        for (int move = 0; move < MOVES; move++) {
            long seed = move;
            Tensor[] moved =
                    Arrays.stream(exact)
                            .map(t -> t.dtype().isFloat() ? moved(t, seed) : t)
                            .toArray(Tensor[]::new);
            double[] there = part(Run.of(f, moved), input);
            for (int i = 0; i < here.length; i++) {
                double change = Math.abs(there[i] - here[i]);
                largest = change > largest ? change : largest;
            }
        }
        return largest;
    }

    private static Tensor moved(Tensor t, long seed) {
        return Tensor.generate(
                t.device(),
                t.dtype(),
                t.shape(),
                i -> {
                    double x = t.get(i);
                    double u = Philox.uniform(seed, Double.doubleToLongBits(x));
                    return x * (1 + (u < 0.5 ? -SHARE : SHARE));
                });
    }
}
