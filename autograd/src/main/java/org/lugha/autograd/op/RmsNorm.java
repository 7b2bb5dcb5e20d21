package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y = x r (o + w), r = 1 / sqrt(mean(x^2) + eps)} over the last axis (Zhang and Sennrich
 * 2019): x {@code [.., D]}, w {@code [D]}. With {@code g = (o + w) dy: dx = r (g - x r^2 mean(g
 * x)), dw = sum_rows dy x r}.
 *
 * @param offset o: 0, or 1 where weights are kept as what they differ from 1 by, as Gemma's are
 */
public record RmsNorm(double offset, double eps) implements Op {
    public RmsNorm(double eps) {
        this(0, eps);
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Tensor w = in[1];
        Check.that(w.count() == x.shape().last(), this, "needs x [.., D] and weight [D]", x, w);
        Tensor y = x.emptyLike();
        Tensor rstd = null;
        if (ctx.recording()) {
            rstd = RowStatistic.of(x);
            ctx.keep(0, 1);
            ctx.saveExact(rstd);
        }
        ctx.kernels()
                .norm()
                .rms(
                        x,
                        w,
                        offset,
                        eps,
                        Into.overwrite(y),
                        rstd == null ? null : Into.overwrite(rstd));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels()
                .norm()
                .rmsBackward(
                        ctx.input(0),
                        ctx.input(1),
                        offset,
                        ctx.saved(0),
                        dy,
                        ctx.gradOrNull(0),
                        ctx.gradOrNull(1));
    }
}
