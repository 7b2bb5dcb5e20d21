package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** {@code y = 1/n sum_i x_i} over all n elements, at least one, a scalar; {@code dx_i = dy / n}. */
public record Mean() implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Check.that(x.count() > 0, this, "needs at least one element", x);
        Tensor sum = Tensor.empty(x.device(), AxisFold.sumType(x), Shape.of());
        ctx.kernels().reduce().sum(x, Into.overwrite(sum));
        Tensor y = sum.dtype() == x.dtype() ? sum : Tensor.empty(x.device(), x.dtype(), Shape.of());
        ctx.kernels().elementwise().scale(1.0 / x.count(), sum, Into.overwrite(y));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels().copy().fill(dy.item() / ctx.shape(0).count(), ctx.grad(0));
    }
}
