package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * The same elements under another shape, without a copy either way: {@code dx} is dy under x's
 * shape.
 */
public record View(Shape shape) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Check.that(in[0].count() == shape.count(), this, "needs as many elements", in[0]);
        return in[0].view(shape);
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.give(0, dy.view(ctx.shape(0)));
    }
}
