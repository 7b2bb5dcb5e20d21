package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code loss = scale sum_i (x_i - t_i)^2} of two tensors of one shape; {@code dx = 2 scale dy (x -
 * t), dt = -dx}. Keeps the difference alone.
 *
 * @param scale 1 / (elements of the whole step), so that micro-batches add up to the mean
 */
public record MeanSquaredError(double scale) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Check.sameShape(this, in[0], in[1]);
        var elementwise = ctx.kernels().elementwise();
        Tensor difference = in[0].emptyLike();
        elementwise.scale(1, in[0], Into.overwrite(difference));
        elementwise.scale(-1, in[1], Into.add(difference));
        Tensor loss = Tensor.empty(in[0].device(), in[0].dtype().wide(), Shape.of());
        ctx.kernels().reduce().sumOfSquares(difference, Into.overwrite(loss));
        elementwise.scale(scale, loss, Into.overwrite(loss));
        ctx.save(difference);
        return loss;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        double factor = 2 * scale * dy.item();
        for (int i = 0; i < 2; i++) {
            if (ctx.needs(i)) {
                double signed = i == 0 ? factor : -factor;
                ctx.kernels().elementwise().scale(signed, ctx.saved(0), ctx.grad(i));
            }
        }
    }
}
