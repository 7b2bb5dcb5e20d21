package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Broadcast: axes of extent 1, and those missing in front, are repeated to fill a shape. {@code dx}
 * sums dy over what was repeated, the last axis first.
 */
public record Expand(Shape shape) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Shape x = in[0].shape();
        boolean fits = x.rank() <= shape.rank();
        for (int axis = 0; fits && axis < shape.rank(); axis++) {
            fits = isRepeated(x, axis) || extent(x, axis) == shape.dim(axis);
        }
        Check.that(fits, this, "needs axes that are 1 or as wanted, from the last on", in[0]);
        return in[0].expand(shape).contiguous();
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        Shape x = ctx.shape(0);
        int left = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            left += isRepeated(x, axis) ? 1 : 0;
        }
        if (left == 0) {
            ctx.give(0, dy.view(x));
            return;
        }
        Tensor rest = dy;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            if (isRepeated(x, axis)) {
                left--;
                Into sum = left == 0 ? ctx.grad(0) : Into.overwrite(one(rest, axis));
                AxisFold.of(rest.shape(), axis).sum(ctx.kernels(), rest, sum);
                rest = sum.tensor();
            }
        }
    }

    private boolean isRepeated(Shape x, int axis) {
        return shape.dim(axis) != 1 && extent(x, axis) == 1;
    }

    /** Of the axis of x that becomes this one; 1 where there is none. */
    private int extent(Shape x, int axis) {
        int i = axis - (shape.rank() - x.rank());
        return i < 0 ? 1 : x.dim(i);
    }

    /** A place for sums over an axis, which stays with extent 1. */
    private static Tensor one(Tensor t, int axis) {
        int[] dims = t.shape().dims().clone();
        dims[axis] = 1;
        return Tensor.empty(t.device(), AxisFold.sumType(t), new Shape(dims));
    }
}
