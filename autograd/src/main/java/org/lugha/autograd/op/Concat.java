package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Any number of inputs one after the other along an axis; all other extents agree. The gradient of
 * an input is its slice of dy, passed on without a copy where it lies without gaps.
 *
 * @param axis counted from the end if negative
 */
public record Concat(int axis) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Check.that(in.length > 0, this, "needs at least one input", in);
        Tensor first = in[0];
        int i = Check.axis(this, axis, first);
        long extent = 0;
        for (Tensor x : in) {
            Check.that(
                    x.shape().rank() == first.shape().rank()
                            && resized(x, i, 0).equals(resized(first, i, 0))
                            && x.dtype() == first.dtype(),
                    this,
                    "needs inputs of one type whose other extents agree",
                    in);
            extent += x.dim(i);
        }
        Tensor y =
                Tensor.empty(
                        first.device(), first.dtype(), resized(first, i, Math.toIntExact(extent)));
        int at = 0;
        for (Tensor x : in) {
            Tensor part = y.slice(i, at, at + x.dim(i));
            ctx.kernels().copy().copy(x, Into.overwrite(part));
            at += x.dim(i);
        }
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        int at = 0;
        for (int i = 0; i < ctx.inputs(); i++) {
            int end = at + ctx.shape(i).dim(axis);
            if (ctx.needs(i)) {
                Tensor part = dy.slice(axis, at, end);
                if (part.layout().isContiguous()) {
                    ctx.give(i, part);
                } else {
                    ctx.kernels().copy().copy(part, ctx.grad(i));
                }
            }
            at = end;
        }
    }

    private static Shape resized(Tensor x, int axis, int extent) {
        int[] dims = x.shape().dims().clone();
        dims[axis] = extent;
        return new Shape(dims);
    }
}
