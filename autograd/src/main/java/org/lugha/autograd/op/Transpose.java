package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;

/**
 * Two axes exchanged: {@code y[.., j, .., i, ..] = x[.., i, .., j, ..]}, contiguous as every kernel
 * wants it. The gradient is dy with the axes exchanged back.
 *
 * @param a an axis, counted from the end if negative
 * @param b another
 */
public record Transpose(int a, int b) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Check.axis(this, a, in[0]);
        Check.axis(this, b, in[0]);
        return in[0].transpose(a, b).contiguous();
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        Tensor dx = dy.transpose(a, b);
        if (dx.layout().isContiguous()) {
            ctx.give(0, dx);
        } else {
            ctx.kernels().copy().copy(dx, ctx.grad(0));
        }
    }
}
