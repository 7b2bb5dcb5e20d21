package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** {@code y = a - b}, one shape; {@code da = dy, db = -dy}. */
public record Sub() implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Check.sameShape(this, in[0], in[1]);
        Tensor y = in[0].emptyLike();
        var kernel = ctx.kernels().elementwise();
        kernel.scale(1, in[0], Into.overwrite(y));
        kernel.scale(-1, in[1], Into.add(y));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        if (ctx.needs(0)) {
            ctx.give(0, dy);
        }
        if (ctx.needs(1)) {
            ctx.kernels().elementwise().scale(-1, dy, ctx.grad(1));
        }
    }
}
