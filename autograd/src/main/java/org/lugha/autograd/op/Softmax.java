package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Over the last axis: {@code y = exp(x - max) / sum; dx = y (dy - sum(dy y))}. */
public record Softmax() implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor y = in[0].emptyLike();
        ctx.kernels().softmax().forward(in[0], Into.overwrite(y));
        return ctx.save(y); // the gradient needs only the result
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels().softmax().backward(ctx.saved(0), dy, ctx.grad(0));
    }
}
