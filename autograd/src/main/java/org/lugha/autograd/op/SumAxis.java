package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y[.., ..] = sum_n x[.., n, ..]}: the axis is gone from y. {@code dx[.., n, ..] = dy[..,
 * ..]}.
 *
 * @param axis counted from the end if negative
 */
public record SumAxis(int axis) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        int i = Check.axis(this, axis, x);
        Tensor y = Tensor.empty(x.device(), x.dtype(), AxisFold.without(x.shape(), i));
        AxisFold.of(x.shape(), i).sum(ctx.kernels(), x, Into.overwrite(y));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        int i = axis < 0 ? ctx.shape(0).rank() + axis : axis;
        AxisFold.of(ctx.shape(0), i).repeat(ctx.kernels(), dy, ctx.grad(0));
    }
}
