package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y = cap tanh(x / cap); dx = (1 - (y / cap)^2) dy}, any shape (Gemma Team 2024, Gemma 2,
 * section 2).
 *
 * @param cap positive
 */
public record SoftCap(double cap) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Check.that(cap > 0, this, "needs a cap above 0", in);
        Tensor y = in[0].emptyLike();
        ctx.kernels().elementwise().softCap(cap, in[0], Into.overwrite(y));
        return ctx.save(y); // the gradient needs only the result
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels().elementwise().softCapBackward(cap, ctx.saved(0), dy, ctx.grad(0));
    }
}
