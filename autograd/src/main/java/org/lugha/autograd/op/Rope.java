package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Rotary position embedding (Su et al. 2021), half-split pairing: x {@code [B,T,H,D]}, positions
 * I32 {@code [B,T]}, each below P, tables cos and sin {@code [P, R/2]}. The gradient is the
 * rotation back; the formula is at {@link org.lugha.runtime.spi.RopeKernel}.
 */
public record Rope() implements Op {
    @Override
    public boolean isIndex(int input) {
        return input == 1;
    }

    /** Inputs: x, positions, cos, sin; only x is differentiated. */
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Tensor positions = in[1];
        Tensor cos = in[2];
        Check.that(
                x.shape().rank() == 4
                        && positions.count() == (long) x.dim(0) * x.dim(1)
                        && cos.shape().rank() == 2
                        && cos.shape().equals(in[3].shape())
                        && 2 * cos.dim(1) <= x.dim(3),
                this,
                "needs x [B,T,H,D], positions [B,T], cos and sin [P, R/2] with R at most D",
                x,
                positions,
                cos,
                in[3]);
        Check.ids(this, positions, cos.dim(0), "positions the model was built for");
        Tensor y = x.emptyLike();
        ctx.kernels().rope().rotate(x, positions, cos, in[3], false, Into.overwrite(y));
        ctx.keep(1, 2, 3);
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels()
                .rope()
                .rotate(dy, ctx.input(1), ctx.input(2), ctx.input(3), true, ctx.grad(0));
    }
}
