package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** {@code y = sum_i x_i}, a scalar; {@code dx_i = dy}. Nothing sums to 0. */
public record Sum() implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Tensor y = Tensor.empty(x.device(), x.dtype(), Shape.of());
        ctx.kernels().reduce().sum(x, Into.overwrite(y));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels().copy().fill(dy.item(), ctx.grad(0));
    }
}
