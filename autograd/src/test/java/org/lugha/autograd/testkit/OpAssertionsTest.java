package org.lugha.autograd.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.autograd.Var;
import org.lugha.autograd.check.Tensors;
import org.lugha.runtime.DType;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Every assertion passes what is right and fails what is wrong, in words. */
class OpAssertionsTest {
    /** {@code y = a + b}, and what may be wrong with it. */
    record Sloppy(Fault fault, int[] runs) implements Op {
        enum Fault {
            NONE,
            VALUE_IN_F32,
            GRADIENT_IN_F32,
            SHAPE_IN_F32,
            GIVES_TO_FROZEN,
            DEPENDS_ON_FROZEN,
            NOT_A_NUMBER_IN_F32,
            CHANGES_IN_F32
        }

        Sloppy(Fault fault) {
            this(fault, new int[1]);
        }

        @Override
        public Tensor forward(Context ctx, Tensor... in) {
            boolean narrow = in[0].dtype() == DType.F32;
            Tensor y = in[0].emptyLike();
            ctx.kernels().elementwise().add(in[0], in[1], Into.overwrite(y));
            if (narrow && fault == Fault.VALUE_IN_F32) {
                y.set(4, y.get(4) + 1e-3);
            }
            if (narrow && fault == Fault.NOT_A_NUMBER_IN_F32) {
                y.set(4, Double.NaN);
            }
            if (narrow && fault == Fault.CHANGES_IN_F32) {
                y.set(4, runs[0]++);
            }
            return narrow && fault == Fault.SHAPE_IN_F32 ? y.view(3, 2) : y;
        }

        @Override
        public void backward(Context ctx, Tensor dy) {
            boolean narrow = dy.dtype() == DType.F32;
            boolean all = ctx.needs(0) && ctx.needs(1);
            for (int i = 0; i < 2; i++) {
                if (ctx.needs(i) || fault == Fault.GIVES_TO_FROZEN) {
                    boolean wrong =
                            (narrow && fault == Fault.GRADIENT_IN_F32)
                                    || (!all && fault == Fault.DEPENDS_ON_FROZEN);
                    double factor = i == 1 && wrong ? 1.001 : 1;
                    ctx.kernels().elementwise().scale(factor, dy, ctx.grad(i));
                }
            }
        }

        @Override
        public String toString() {
            return "Sloppy";
        }
    }

    private static Function<Var[], Var> sloppy(Sloppy.Fault fault) {
        Sloppy op = new Sloppy(fault);
        return v -> op.apply(v[0], v[1]);
    }

    @Test
    void whatIsRightPasses() {
        Tensor x = Tensors.randn(1, 2, 3);
        Function<Var[], Var> f = sloppy(Sloppy.Fault.NONE);
        OpAssertions.assertGradient(f, x, x);
        OpAssertions.assertSameOnAllDevices(f, x, x);
        OpAssertions.assertDeterministic(f, x, x);
        OpAssertions.assertNoLeak(() -> f.apply(new Var[] {Var.of(x), Var.of(x)}));
    }

    @Test
    void whatIsFrozenMatters() {
        Tensor x = Tensors.randn(1, 2, 3);
        fails(
                () -> OpAssertions.assertGradient(sloppy(Sloppy.Fault.GIVES_TO_FROZEN), x, x),
                "the frozen input 0 got a gradient");
        fails(
                () -> OpAssertions.assertGradient(sloppy(Sloppy.Fault.DEPENDS_ON_FROZEN), x, x),
                "input 0 frozen: the gradient of input 1");
    }

    @Test
    void aDeviceThatDisagreesIsNamedWithTheElement() {
        fails(
                () -> same(Sloppy.Fault.VALUE_IN_F32),
                "Sloppy in F32 on ",
                ": the value at [1, 1] is ",
                "the reference has ",
                "inputs [F32[2, 3]@reference, F32[2, 3]@reference]");
        fails(() -> same(Sloppy.Fault.GRADIENT_IN_F32), ": the gradient of input 1 at [");
        fails(() -> same(Sloppy.Fault.NOT_A_NUMBER_IN_F32), ": the value at [1, 1] is NaN");
        fails(() -> same(Sloppy.Fault.SHAPE_IN_F32), ": the value is [3, 2], not [2, 3]");
    }

    private void same(Sloppy.Fault fault) {
        Tensor x = Tensors.randn(1, 2, 3);
        OpAssertions.assertSameOnAllDevices(sloppy(fault), x, x);
    }

    @Test
    void otherBitsAreFound() {
        Tensor x = Tensors.randn(1, 2, 3);
        fails(
                () -> OpAssertions.assertDeterministic(sloppy(Sloppy.Fault.CHANGES_IN_F32), x, x),
                "Sloppy in F32 on ",
                "run 1: the value",
                "[4]");
    }

    private static void fails(Executable call, String... parts) {
        String message = assertThrows(AssertionError.class, call).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' is missing in: " + message);
        }
    }
}
