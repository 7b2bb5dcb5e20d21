package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Unary;

/** {@code y = f(x); dx = f'(x) dy}, any shape; formulas at {@link Unary}. */
public record Activation(Unary f) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor y = in[0].emptyLike();
        ctx.kernels().elementwise().unary(f, in[0], Into.overwrite(y));
        ctx.keep(0);
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels().elementwise().unaryBackward(f, ctx.input(0), dy, ctx.grad(0));
    }
}
