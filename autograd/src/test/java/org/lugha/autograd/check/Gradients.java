package org.lugha.autograd.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Function;
import org.junit.jupiter.api.function.Executable;
import org.lugha.autograd.GradCheck;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;

/** What every op is held to. */
public final class Gradients {
    private Gradients() {}

    /**
     * Gradients match central differences; recording changes no value; an input that is frozen gets
     * no gradient and leaves the others' gradients as they were, bit by bit.
     */
    public static void check(Function<Var[], Var> f, Tensor... inputs) {
        GradCheck.Report report = GradCheck.report(f, inputs);
        assertTrue(report.error() < 1e-6, report::toString);
        double[] inference = f.apply(constants(inputs)).value().toArray();
        double[][] all = gradients(f, inputs, -1, inference);
        for (int frozen = 0; frozen < inputs.length; frozen++) {
            double[][] some = gradients(f, inputs, frozen, inference);
            for (int i = 0; i < inputs.length; i++) {
                if (i == frozen) {
                    assertTrue(some[i] == null, "the frozen input " + i + " got a gradient");
                } else {
                    assertArrayEquals(all[i], some[i], 0, "input " + frozen + " frozen: " + i);
                }
            }
        }
    }

    /**
     * Bytes that stay live between forward and backward beside the output, for intermediate inputs
     * of which those marked want a gradient.
     */
    public static long saved(Function<Var[], Var> f, boolean[] wanted, Tensor... inputs) {
        Parameter[] leaves = parameters(inputs);
        try (var _ = Tape.open()) {
            try (var _ = Tape.open()) { // from now on the leaves' gradients have their memory
                for (int i = 0; i < leaves.length; i++) {
                    if (wanted[i]) {
                        leaves[i].scale(1);
                    }
                }
            }
            long before = NoLeaks.live();
            Var y;
            try (Scope inner = Scope.open("module")) {
                Var[] in = new Var[inputs.length];
                for (int i = 0; i < in.length; i++) {
                    in[i] =
                            wanted[i]
                                    ? leaves[i].scale(1)
                                    : Var.of(inputs[i].copy(inputs[i].dtype()));
                }
                y = f.apply(in);
                inner.yield(y.value());
            }
            return NoLeaks.live() - before - y.value().storage().bytes();
        } finally {
            close(leaves);
        }
    }

    /** The message names all of this. */
    public static void rejects(Executable call, String... parts) {
        String message = assertThrows(ShapeException.class, call).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' is missing in: " + message);
        }
        assertFalse(message.contains("\n"), message);
    }

    private static double[][] gradients(
            Function<Var[], Var> f, Tensor[] inputs, int frozen, double[] inference) {
        Var[] in = vars(inputs, frozen);
        double[][] gradients = new double[in.length][];
        try (var _ = Tape.open()) {
            Var y = f.apply(in);
            assertArrayEquals(inference, y.value().toArray(), 0, "recording changed the value");
            if (y.needsGradient()) {
                Tape.current().backward(y, Tensors.randn(1, y.shape()));
            }
            for (int i = 0; i < in.length; i++) {
                if (in[i] instanceof Parameter p && p.hasGradient()) {
                    gradients[i] = p.gradient().toArray();
                }
            }
        } finally {
            close(in);
        }
        return gradients;
    }

    private static Var[] constants(Tensor[] inputs) {
        return Arrays.stream(inputs).map(Var::of).toArray(Var[]::new);
    }

    /** Parameters of the F64 inputs, one of them frozen. */
    private static Var[] vars(Tensor[] inputs, int frozen) {
        Var[] in = new Var[inputs.length];
        for (int i = 0; i < in.length; i++) {
            in[i] =
                    inputs[i].dtype() == DType.F64
                            ? Parameter.of("x" + i, inputs[i]).trainable(i != frozen)
                            : Var.of(inputs[i]);
        }
        return in;
    }

    private static Parameter[] parameters(Tensor[] inputs) {
        Parameter[] all = new Parameter[inputs.length];
        for (int i = 0; i < all.length; i++) {
            if (inputs[i].dtype() == DType.F64) {
                all[i] = Parameter.of("x" + i, inputs[i]);
            }
        }
        return all;
    }

    private static void close(Var... all) {
        for (Var v : all) {
            if (v instanceof Parameter p) {
                p.close();
            }
        }
    }
}
