package org.lugha.autograd.check;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;

/** {@code y = x}, until it throws: after it saved, made and asked for whatever it could. */
public record Failing(boolean inForward) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        ctx.keep(0);
        Tensor y = ctx.save(in[0].copy(in[0].dtype()));
        if (inForward) {
            throw new IllegalStateException("forward fails");
        }
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.grad(0);
        dy.emptyLike();
        throw new IllegalStateException("backward fails");
    }
}
