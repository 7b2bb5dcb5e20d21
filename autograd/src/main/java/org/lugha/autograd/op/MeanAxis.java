package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y[.., ..] = 1/N sum_n x[.., n, ..]}: the axis, of at least one element, is gone from y.
 * {@code dx[.., n, ..] = dy[.., ..] / N}.
 *
 * @param axis counted from the end if negative
 */
public record MeanAxis(int axis) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        int i = Check.axis(this, axis, x);
        Check.that(x.dim(i) > 0, this, "needs at least one element along that axis", x);
        Shape shape = AxisFold.without(x.shape(), i);
        Tensor sums = Tensor.empty(x.device(), AxisFold.sumType(x), shape);
        AxisFold.of(x.shape(), i).sum(ctx.kernels(), x, Into.overwrite(sums));
        Tensor y = sums.dtype() == x.dtype() ? sums : Tensor.empty(x.device(), x.dtype(), shape);
        ctx.kernels().elementwise().scale(1.0 / x.dim(i), sums, Into.overwrite(y));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        int i = axis < 0 ? ctx.shape(0).rank() + axis : axis;
        AxisFold fold = AxisFold.of(ctx.shape(0), i);
        Tensor share = dy.emptyLike();
        ctx.kernels().elementwise().scale(1.0 / fold.extent(), dy, Into.overwrite(share));
        fold.repeat(ctx.kernels(), share, ctx.grad(0));
    }
}
