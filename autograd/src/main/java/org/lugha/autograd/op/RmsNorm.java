package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y = x r w, r = 1 / sqrt(mean(x^2) + eps)} over the last axis (Zhang and Sennrich 2019): x
 * {@code [.., D]}, w {@code [D]}. {@code dx = r (w dy - x r^2 mean(w dy x)), dw = sum_rows dy x r}.
 */
public record RmsNorm(double eps) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Tensor w = in[1];
        Check.that(w.count() == x.shape().last(), this, "needs x [.., D] and weight [D]", x, w);
        Tensor y = x.emptyLike();
        Tensor rstd = null;
        if (ctx.recording()) {
            rstd = Tensor.empty(x.device(), x.dtype(), Shape.of(Math.toIntExact(x.shape().rows())));
            ctx.keep(0, 1);
            ctx.save(rstd);
        }
        ctx.kernels()
                .norm()
                .rms(x, w, eps, Into.overwrite(y), rstd == null ? null : Into.overwrite(rstd));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels()
                .norm()
                .rmsBackward(
                        ctx.input(0),
                        ctx.input(1),
                        ctx.saved(0),
                        dy,
                        ctx.gradOrNull(0),
                        ctx.gradOrNull(1));
    }
}
