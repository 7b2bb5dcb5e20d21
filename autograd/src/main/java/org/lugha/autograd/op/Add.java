package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** {@code y = a + b}, one shape; {@code da = dy, db = dy}. */
public record Add() implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Check.sameShape(this, in[0], in[1]);
        Tensor y = in[0].emptyLike();
        ctx.kernels().elementwise().add(in[0], in[1], Into.overwrite(y));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        for (int i = 0; i < 2; i++) {
            if (ctx.needs(i)) {
                ctx.give(i, dy);
            }
        }
    }
}
