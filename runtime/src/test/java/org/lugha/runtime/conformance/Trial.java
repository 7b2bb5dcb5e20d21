package org.lugha.runtime.conformance;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongToDoubleFunction;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Storage;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * One call of a kernel by both sides of a {@link Rig}. Storages are copied and compared whole, so
 * that writing beside a strided result, or into an input, shows.
 */
final class Trial {
    /** What rounding once to F32 may change, relative. */
    static final double EPS = 0x1p-24;

    private final Rig rig;
    private final String what;
    private long seed = 1;

    Trial(Rig rig, String what) {
        this.rig = rig;
        this.what = what;
    }

    /** Rounding errors of a sum of {@code terms} products of numbers up to 1. */
    static double near(int terms) {
        return EPS * (8 + 2 * Math.sqrt(terms)) * Math.max(1, terms / 2.0);
    }

    /** Uniform in [-1, 1). */
    Tensor in(int... dims) {
        return in(DType.F32, dims);
    }

    Tensor in(DType dtype, int... dims) {
        return Tensor.rand(rig.oracleDevice(), dtype, Shape.of(dims), -1, 1, seed++);
    }

    Tensor of(DType dtype, Shape shape, LongToDoubleFunction f) {
        return Tensor.generate(rig.oracleDevice(), dtype, shape, f);
    }

    /** Whole numbers in [0, below). */
    Tensor ids(int below, int... dims) {
        long s = seed++;
        return of(DType.I32, Shape.of(dims), i -> Math.floor(Philox.uniform(s, i) * below));
    }

    /** A destination: NaN where it must not be read. */
    Into out(float beta, int... dims) {
        return into(beta, in(dims));
    }

    Into out(DType dtype, float beta, int... dims) {
        return into(beta, in(dtype, dims));
    }

    /** A destination that may be a view. */
    Into into(float beta, Tensor t) {
        for (long i = 0; beta == 0 && i < t.count(); i++) {
            t.set(i, Double.NaN);
        }
        return new Into(t, beta);
    }

    /** Both sides make the call; no element may differ by more. */
    <K> void check(double tolerance, Class<K> family, Consumer<K> call) {
        check(tolerance, 0, family, call);
    }

    /** As above, plus {@code relative} times the magnitude of the result. */
    <K> void check(double absolute, double relative, Class<K> family, Consumer<K> call) {
        Map<Storage, Copy> copies = new LinkedHashMap<>();
        K tested = Rig.pick(rig.tested(), family);
        K there =
                family.cast(
                        Proxy.newProxyInstance(
                                family.getClassLoader(),
                                new Class<?>[] {family},
                                (_, method, args) -> {
                                    Object[] mapped = new Object[args.length];
                                    for (int i = 0; i < args.length; i++) {
                                        mapped[i] = map(args[i], copies);
                                    }
                                    try {
                                        return method.invoke(tested, mapped);
                                    } catch (InvocationTargetException e) {
                                        throw e.getCause();
                                    }
                                }));
        call.accept(there);
        call.accept(Rig.pick(rig.oracle(), family));
        copies.forEach((storage, copy) ->
                compare(
                        storage,
                        copy,
                        rig.exact() || !copy.written ? 0 : absolute,
                        rig.exact() || !copy.written ? 0 : relative));
    }

    private static final class Copy {
        final Tensor whole;
        boolean written;

        Copy(Tensor whole) {
            this.whole = whole;
        }
    }

    private Object map(Object argument, Map<Storage, Copy> copies) {
        return switch (argument) {
            case Tensor t -> move(t, copies, false);
            case Quantized w -> w.map(t -> move(t, copies, false));
            case Into(Tensor t, float beta) -> new Into(move(t, copies, true), beta);
            case null, default -> argument;
        };
    }

    /** The same layout over a copy of the whole storage, on the device that is tested. */
    private Tensor move(Tensor t, Map<Storage, Copy> copies, boolean written) {
        Copy copy =
                copies.computeIfAbsent(
                        t.storage(),
                        storage -> {
                            int count = Math.toIntExact(storage.bytes() / t.dtype().bytes());
                            Device device = rig.device();
                            Tensor whole = Tensor.empty(device, t.dtype(), Shape.of(count));
                            device.memory().write(storage.memory(), whole.storage().memory());
                            return new Copy(whole);
                        });
        copy.written |= written;
        return new Tensor(copy.whole.storage(), t.layout(), t.dtype());
    }

    private void compare(Storage storage, Copy copy, double absolute, double relative) {
        DType dtype = copy.whole.dtype();
        double[] actual = copy.whole.toArray();
        for (int i = 0; i < actual.length; i++) {
            double expected = dtype.get(storage.memory(), i);
            double allowed = absolute + relative * Math.abs(expected);
            boolean isSame = Double.compare(expected, actual[i]) == 0 || expected == actual[i];
            if (!isSame && !(Math.abs(expected - actual[i]) <= allowed)) {
                fail(
                        "%s: element %d of %d%s is %s, expected %s, off by %.3g, allowed %.3g"
                                .formatted(
                                        what,
                                        i,
                                        actual.length,
                                        copy.written ? "" : " of an input",
                                        actual[i],
                                        expected,
                                        Math.abs(expected - actual[i]),
                                        allowed));
            }
        }
    }
}
