package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y = x W^T + b}: x {@code [.., in]}, W {@code [out, in]}, b {@code [out]} optional. With
 * {@code inOut} W is {@code [in, out]}, as GPT-2 stores it, and {@code y = x W + b}.
 *
 * <p>{@code dx = dy W, dW = dy^T x, db = sum_rows dy}.
 */
public record Linear(boolean inOut) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Tensor w = in[1];
        Check.that(w.shape().rank() == 2, this, "needs a weight of two axes", w);
        if (x.shape().last() != w.dim(inOut ? 0 : 1)) {
            throw Check.fail(
                    this,
                    "input has "
                            + x.shape().last()
                            + " features, weight expects "
                            + w.dim(inOut ? 0 : 1),
                    x,
                    w);
        }
        int out = w.dim(inOut ? 1 : 0);
        Tensor y = x.emptyWithLast(out);
        ctx.kernels().matmul().gemm(false, !inOut, 1, x.rows(), w, Into.overwrite(y.rows()));
        if (in.length > 2) {
            Check.that(in[2].count() == out, this, "needs a bias of " + out + " features", in[2]);
            ctx.kernels().elementwise().addRow(y, in[2], Into.overwrite(y));
        }
        if (ctx.needs(0)) {
            ctx.keep(1);
        }
        if (ctx.needs(1)) {
            ctx.keep(0);
        }
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        Tensor d = dy.rows();
        var mm = ctx.kernels().matmul();
        if (ctx.needs(0)) {
            mm.gemm(false, inOut, 1, d, ctx.input(1), rows(ctx.grad(0)));
        }
        if (ctx.needs(1)) {
            Tensor x = ctx.input(0).rows();
            mm.gemm(true, false, 1, inOut ? x : d, inOut ? d : x, ctx.grad(1));
        }
        if (ctx.needs(2)) {
            ctx.kernels().reduce().sumRows(dy, ctx.grad(2));
        }
    }

    private static Into rows(Into to) {
        return new Into(to.tensor().rows(), to.beta());
    }
}
