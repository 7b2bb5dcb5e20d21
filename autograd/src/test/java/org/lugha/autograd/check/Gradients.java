package org.lugha.autograd.check;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import org.junit.jupiter.api.function.Executable;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.autograd.testkit.OpAssertions;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;

/** What every op is held to. */
public final class Gradients {
    private Gradients() {}

    /** {@link OpAssertions#assertGradient}. */
    public static void check(Function<Var[], Var> f, Tensor... inputs) {
        OpAssertions.assertGradient(f, inputs);
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
            long before = Tensors.live();
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
            return Tensors.live() - before - y.value().storage().bytes();
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
