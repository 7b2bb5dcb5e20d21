package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** {@code y = a b} element by element, one shape; {@code da = dy b, db = dy a}. */
public record Mul() implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Check.sameShape(this, in[0], in[1]);
        Tensor y = in[0].emptyLike();
        ctx.kernels().elementwise().mul(in[0], in[1], Into.overwrite(y));
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
        for (int i = 0; i < 2; i++) {
            if (ctx.needs(i)) {
                ctx.kernels().elementwise().mul(dy, ctx.input(1 - i), ctx.grad(i));
            }
        }
    }
}
