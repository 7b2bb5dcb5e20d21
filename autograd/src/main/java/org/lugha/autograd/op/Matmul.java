package org.lugha.autograd.op;

import java.util.Arrays;
import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code c = op(a) op(b)} for every index of equal leading axes, where op exchanges the last two if
 * asked: op(a) {@code [.., M,K]}, op(b) {@code [.., K,N]}, c {@code [.., M,N]}.
 *
 * <p>{@code dop(a) = dc op(b)^T, dop(b) = op(a)^T dc}.
 */
public record Matmul(boolean transposeA, boolean transposeB) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor a = in[0];
        Tensor b = in[1];
        int rank = a.shape().rank();
        Check.that(
                rank >= 2
                        && rank == b.shape().rank()
                        && Arrays.equals(
                                a.shape().dims(), 0, rank - 2, b.shape().dims(), 0, rank - 2)
                        && a.dim(transposeA ? -2 : -1) == b.dim(transposeB ? -1 : -2),
                this,
                "needs op(a) [.., M,K] and op(b) [.., K,N] with equal leading axes",
                a,
                b);
        int[] dims = a.shape().dims().clone();
        dims[rank - 2] = a.dim(transposeA ? -1 : -2);
        dims[rank - 1] = b.dim(transposeB ? -2 : -1);
        Tensor c = Tensor.empty(a.device(), a.dtype(), new Shape(dims));
        product(ctx, transposeA, transposeB, a, b, Into.overwrite(c));
        if (ctx.needs(0)) {
            ctx.keep(1);
        }
        if (ctx.needs(1)) {
            ctx.keep(0);
        }
        return c;
    }

    @Override
    public void backward(Context ctx, Tensor dc) {
        if (ctx.needs(0)) {
            Tensor b = ctx.input(1);
            if (transposeA) {
                product(ctx, transposeB, true, b, dc, ctx.grad(0));
            } else {
                product(ctx, false, !transposeB, dc, b, ctx.grad(0));
            }
        }
        if (ctx.needs(1)) {
            Tensor a = ctx.input(0);
            if (transposeB) {
                product(ctx, true, transposeA, dc, a, ctx.grad(1));
            } else {
                product(ctx, !transposeA, false, a, dc, ctx.grad(1));
            }
        }
    }

    private static void product(
            Context ctx, boolean turnA, boolean turnB, Tensor a, Tensor b, Into c) {
        Into all = new Into(batch(c.tensor()), c.beta());
        ctx.kernels().matmul().gemm(turnA, turnB, 1, batch(a), batch(b), all);
    }

    /** All leading axes as one; a matrix alone stays as it is. */
    private static Tensor batch(Tensor t) {
        int rank = t.shape().rank();
        if (rank == 2) {
            return t;
        }
        long n = 1;
        for (int i = 0; i < rank - 2; i++) {
            n *= t.dim(i);
        }
        return t.view(Math.toIntExact(n), t.dim(-2), t.dim(-1));
    }
}
