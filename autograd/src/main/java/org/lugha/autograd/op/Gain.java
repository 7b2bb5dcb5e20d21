package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y[.., d] = x[.., d] row[d]}: x {@code [.., D]}, row {@code [D]}. {@code dx[.., d] = dy[..,
 * d] row[d], drow = sum_rows dy x}.
 */
public record Gain() implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Tensor row = in[1];
        Check.that(
                x.shape().rank() > 0 && row.shape().equals(Shape.of(x.shape().last())),
                this,
                "needs x [.., D] and row [D]",
                x,
                row);
        Tensor y = x.emptyLike();
        ctx.kernels().elementwise().mulRow(x, row, Into.overwrite(y));
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
        if (ctx.needs(0)) {
            ctx.kernels().elementwise().mulRow(dy, ctx.input(1), ctx.grad(0));
        }
        if (ctx.needs(1)) {
            Tensor both = dy.emptyLike();
            ctx.kernels().elementwise().mul(dy, ctx.input(0), Into.overwrite(both));
            ctx.kernels().reduce().sumRows(both, ctx.grad(1));
        }
    }
}
