package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Unary;

/**
 * {@code y = f(gate) up}, one shape (Shazeer 2020): SwiGLU with SILU. {@code dgate = f'(gate) up
 * dy; dup = f(gate) dy}.
 */
public record Gate(Unary f) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Check.sameShape(this, in[0], in[1]);
        Tensor y = in[0].emptyLike();
        ctx.kernels().elementwise().gate(f, in[0], in[1], Into.overwrite(y));
        ctx.keep(0, 1);
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels()
                .elementwise()
                .gateBackward(
                        f, ctx.input(0), ctx.input(1), dy, ctx.gradOrNull(0), ctx.gradOrNull(1));
    }
}
