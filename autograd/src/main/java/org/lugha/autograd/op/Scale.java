package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** {@code y = factor x; dx = factor dy}, any shape. */
public record Scale(double factor) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor y = in[0].emptyLike();
        ctx.kernels().elementwise().scale(factor, in[0], Into.overwrite(y));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels().elementwise().scale(factor, dy, ctx.grad(0));
    }
}
