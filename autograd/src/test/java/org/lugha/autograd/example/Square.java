package org.lugha.autograd.example;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** {@code y = x x}. */
record Square() implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        ctx.keep(0);
        Tensor y = in[0].emptyLike();
        ctx.kernels().elementwise().mul(in[0], in[0], Into.overwrite(y));
        return y;
    }

    /** {@code dx = 2 x dy}. */
    @Override
    public void backward(Context ctx, Tensor dy) {
        Tensor twice = dy.emptyLike();
        ctx.kernels().elementwise().scale(2, dy, Into.overwrite(twice));
        ctx.kernels().elementwise().mul(twice, ctx.input(0), ctx.grad(0));
    }
}
