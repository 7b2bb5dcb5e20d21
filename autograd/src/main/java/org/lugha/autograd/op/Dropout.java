package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y_i = x_i / (1 - p)} where {@code uniform(seed, i) >= p}, else 0 (Srivastava et al. 2014).
 * {@code dx_i = dy_i / (1 - p)} where x_i stayed, else 0. The mask is a function of the seed:
 * nothing is saved and a recomputation sees the same one.
 */
public record Dropout(double p, long seed) implements Op {
    public Dropout {
        if (!(p >= 0 && p < 1)) {
            throw new IllegalArgumentException("dropout: p must be in [0, 1), got " + p);
        }
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor y = in[0].emptyLike();
        ctx.kernels().elementwise().dropout(p, seed, in[0], Into.overwrite(y));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels().elementwise().dropout(p, seed, dy, ctx.grad(0));
    }
}
