package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y = n w + b, n = (x - m) r, r = 1 / sqrt(var(x) + eps)} over the last axis (Ba et al.
 * 2016): x {@code [.., D]}, w and b {@code [D]}, b may be left out. With {@code g = w dy: dx = r (g
 * - mean(g) - n mean(g n)), dw = sum_rows dy n, db = sum_rows dy}.
 */
public record LayerNorm(double eps) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Check.that(
                in[1].count() == x.shape().last()
                        && (in.length == 2 || in[2].count() == x.shape().last()),
                this,
                "needs x [.., D], weight [D] and bias [D]",
                in);
        Tensor y = x.emptyLike();
        Into mean = null;
        Into rstd = null;
        if (ctx.recording()) {
            mean = Into.overwrite(ctx.saveExact(RowStatistic.of(x)));
            rstd = Into.overwrite(ctx.saveExact(RowStatistic.of(x)));
            ctx.keep(0, 1);
        }
        Tensor bias = in.length == 2 ? null : in[2];
        ctx.kernels().norm().layer(x, in[1], bias, eps, Into.overwrite(y), mean, rstd);
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels()
                .norm()
                .layerBackward(
                        ctx.input(0),
                        ctx.input(1),
                        ctx.saved(0),
                        ctx.saved(1),
                        dy,
                        ctx.gradOrNull(0),
                        ctx.gradOrNull(1),
                        ctx.gradOrNull(2));
    }
}
