package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y[.., d] = x[.., d] + row[d]}: x {@code [.., D]}, row {@code [D]}. {@code dx = dy} without
 * a copy, {@code drow = sum_rows dy}.
 */
public record Bias() implements Op {
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
        ctx.kernels().elementwise().addRow(x, row, Into.overwrite(y));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        if (ctx.needs(0)) {
            ctx.give(0, dy);
        }
        if (ctx.needs(1)) {
            ctx.kernels().reduce().sumRows(dy, ctx.grad(1));
        }
    }
}
