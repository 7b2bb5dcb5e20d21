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
 * A function in F32 on a device against F64 on the reference, at inputs that F32 holds exactly. Two
 * tensors may be apart by a share of the largest element. Where that element itself is what
 * cancellation has left over, they may be apart by 32 roundings of what was cancelled, sums of n
 * terms with n the largest extent: {@code sqrt(n) s}, with s the size of inputs and value, and
 * {@code |dy| sqrt(n) s / |x|} for the gradient of x; or by 16 times what moving the inputs by 1e-6
 * of themselves makes of the reference's own F32.
 */
final class Agreement {
    private static final double SHARE = 1e-5;
    private static final double ROUNDINGS = 32 * 0x1p-24;
    private static final double MOVE = 1e-6;
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
        if (want.length == 0) {
            return;
        }
        double largest = largest(want);
        int worst = worst(want, got);
        double off = off(want[worst], got[worst]);
        if (off <= SHARE * largest || off <= floor(input) || off <= noise(input)) {
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

    private double floor(int input) {
        double size = largest(expected.value());
        int extent = 1;
        for (Tensor t : exact) {
            size = Math.max(size, t.dtype().isFloat() ? largest(t.toArray()) : 0);
            extent = Math.max(extent, Arrays.stream(t.shape().dims()).max().orElse(1));
        }
        size *= Math.sqrt(extent);
        if (input < 0) {
            return ROUNDINGS * size;
        }
        double x = largest(exact[input].toArray());
        return ROUNDINGS * Run.DIRECTION * (x == 0 ? 1 : size / x);
    }

    private static double largest(double... all) {
        double largest = 0;
        for (double a : all) {
            largest = Double.isFinite(a) ? Math.max(largest, Math.abs(a)) : largest;
        }
        return largest;
    }

    /** The first that is no number, else the one that is furthest off. */
    private static int worst(double[] want, double[] got) {
        int worst = 0;
        double most = 0;
        for (int i = 0; i < want.length; i++) {
            double off = off(want[i], got[i]);
            if (Double.isNaN(off)) {
                return i;
            }
            if (off > most) {
                worst = i;
                most = off;
            }
        }
        return worst;
    }

    private static double off(double want, double got) {
        boolean same = (float) want == got || (Double.isNaN(want) && Double.isNaN(got));
        return same ? 0 : Math.abs(want - got);
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

    /**
     * The largest change that small moves of all inputs make in F32 on the reference. Equal numbers
     * move alike. An error that is always the same is no noise.
     */
    private double noise(int input) {
        double[] here = part(Run.of(f, rounded), input);
        double largest = 0;
        for (int move = 0; move < MOVES; move++) {
            long seed = move;
            Tensor[] moved =
                    Arrays.stream(rounded)
                            .map(t -> t.dtype().isFloat() ? moved(t, seed) : t)
                            .toArray(Tensor[]::new);
            double[] there = part(Run.of(f, moved), input);
            for (int i = 0; i < here.length; i++) {
                double change = Math.abs(there[i] - here[i]);
                largest = change > largest ? change : largest;
            }
        }
        return 16 * largest;
    }

    private static Tensor moved(Tensor t, long seed) {
        return Tensor.generate(
                t.device(),
                t.dtype(),
                t.shape(),
                i -> {
                    double x = t.get(i);
                    double u = Philox.uniform(seed, Double.doubleToLongBits(x));
                    return x * (1 + (u < 0.5 ? -MOVE : MOVE));
                });
    }
}
