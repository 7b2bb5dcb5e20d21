package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** What a loss ends with: one number. */
final class ScaledSum {
    private ScaledSum() {}

    /** {@code scale sum_i x_i}. */
    static Tensor of(Context ctx, double scale, Tensor x) {
        Tensor total = Tensor.empty(x.device(), x.dtype(), Shape.of());
        ctx.kernels().reduce().sum(x, Into.overwrite(total));
        ctx.kernels().elementwise().scale(scale, total, Into.overwrite(total));
        return total;
    }
}
