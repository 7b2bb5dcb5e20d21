package org.lugha.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.function.Executable;
import org.lugha.autograd.GradCheck;
import org.lugha.autograd.Var;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;

/**
 * What every op is held to. The function under test makes one output of Vars, among them nothing
 * but its inputs: F64 tensors on the reference device, whose gradients are checked, and I32
 * tensors, which are constants.
 */
public final class OpAssertions {
    /** The largest relative error of a gradient that passes. */
    public static final double GRADIENT_ERROR = 1e-6;

    private static final int RUNS = 3;

    private OpAssertions() {}

    /**
     * Gradients match central differences; recording changes no value; an input that is frozen gets
     * no gradient and leaves the others' gradients as they were, bit by bit.
     */
    public static void assertGradient(Function<Var[], Var> f, Tensor... inputs) {
        WorstErrors.note(GradCheck.of(f).inputs(inputs).tolerance(GRADIENT_ERROR).check());
        try (var _ = Scope.open("assertGradient")) {
            Run all = Run.of(f, inputs);
            double[] inference = Run.inference(f, inputs);
            assertArrayEquals(inference, all.value(), 0, "recording changed the value");
            for (int frozen = 0; frozen < inputs.length; frozen++) {
                if (!inputs[frozen].dtype().isFloat()) {
                    continue;
                }
                Run some = Run.frozen(f, frozen, inputs);
                assertNull(some.gradient(frozen), "the frozen input " + frozen + " got a gradient");
                assertArrayEquals(
                        inference, some.value(), 0, "input " + frozen + " frozen: the value");
                for (int i = 0; i < inputs.length; i++) {
                    if (i != frozen) {
                        assertArrayEquals(
                                all.gradient(i),
                                some.gradient(i),
                                0,
                                "input " + frozen + " frozen: the gradient of input " + i);
                    }
                }
            }
        }
    }

    /**
     * The value and every gradient in F32, on every device of this machine, are those of the
     * reference device in F64 at the same (rounded) inputs, up to 1e-5 of the largest of that
     * tensor or what a change of the inputs by 1e-5 of themselves makes of it, where that is more.
     * Tensors that f needs must be inputs: one that it captures lies on one device.
     */
    public static void assertSameOnAllDevices(Function<Var[], Var> f, Tensor... inputs) {
        try (var _ = Scope.open("assertSameOnAllDevices")) {
            Agreement agreement = new Agreement(f, inputs);
            for (Device device : Available.devices()) {
                agreement.assertOn(device);
            }
        }
    }

    /**
     * Value and gradients have the same bits at every run, in F32 on every device of this machine
     * and in F64 on the reference.
     */
    public static void assertDeterministic(Function<Var[], Var> f, Tensor... inputs) {
        try (var _ = Scope.open("assertDeterministic")) {
            assertSameBits(f, inputs, Available.reference(), DType.F64);
            for (Device device : Available.devices()) {
                assertSameBits(f, inputs, device, DType.F32);
            }
        }
    }

    private static void assertSameBits(
            Function<Var[], Var> f, Tensor[] inputs, Device device, DType type) {
        Tensor[] in = Run.moved(inputs, device, type);
        Run first = Run.of(f, in);
        for (int run = 1; run < RUNS; run++) {
            Run again = Run.of(f, in);
            String where = first.op() + " in " + type + " on " + device.name() + ", run " + run;
            assertArrayEquals(first.value(), again.value(), 0, where + ": the value");
            for (int i = 0; i < in.length; i++) {
                assertArrayEquals(
                        first.gradient(i),
                        again.gradient(i),
                        0,
                        where + ": the gradient of input " + i);
            }
        }
    }

    /** After the call every device has the live bytes it had before: nothing was forgotten. */
    public static void assertNoLeak(Executable call) {
        List<Long> before = Available.live();
        try (var _ = Scope.open("assertNoLeak")) {
            call.execute();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("assertNoLeak: the call failed", e);
        }
        MemoryWatch.requireNothingLeft(before);
    }
}
