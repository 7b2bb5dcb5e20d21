package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Elements {@code from} (inclusive) to {@code to} (exclusive) of one axis: {@code y[.., i, ..] =
 * x[.., from + i, ..]}. A view where these lie side by side, as along a leading axis, else a copy.
 * {@code dx} is dy there and 0 elsewhere.
 *
 * @param axis counted from the end if negative
 */
public record Slice(int axis, int from, int to) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        int extent = x.dim(Check.axis(this, axis, x));
        if (from < 0 || to < from || to > extent) {
            throw Check.fail(
                    this, "needs 0 <= from <= to <= " + extent + ", the extent of that axis", x);
        }
        return x.slice(axis, from, to).contiguous();
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        if (dy.shape().equals(ctx.shape(0))) {
            ctx.give(0, dy);
            return;
        }
        Into into = ctx.grad(0);
        Tensor dx = into.tensor();
        var kernel = ctx.kernels().copy();
        kernel.copy(dy, new Into(dx.slice(axis, from, to), into.beta()));
        if (into.beta() == 0) {
            int extent = dx.shape().dim(axis);
            kernel.fill(0, Into.overwrite(dx.slice(axis, 0, from)));
            kernel.fill(0, Into.overwrite(dx.slice(axis, to, extent)));
        }
    }
}
