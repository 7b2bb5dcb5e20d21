package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;

/**
 * {@code y = softmax(scale q k^T + mask) v}: q {@code [B,T,H,D]}, k and v {@code [B,S,G,D]}, H a
 * multiple of G (Ainslie et al. 2023). Saves one number a row instead of the T x S matrix (Dao et
 * al. 2022); the gradient's formula is at {@link org.lugha.runtime.spi.AttentionKernel}.
 */
public record Attention(double scale, Mask mask) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor q = in[0];
        Tensor k = in[1];
        Tensor v = in[2];
        Check.that(
                q.shape().rank() == 4
                        && k.shape().rank() == 4
                        && k.shape().equals(v.shape())
                        && q.dim(0) == k.dim(0)
                        && q.dim(3) == k.dim(3)
                        && q.dim(2) % k.dim(2) == 0,
                this,
                "needs q [B,T,H,D], k and v [B,S,G,D] with H a multiple of G",
                q,
                k,
                v);
        Tensor y = q.emptyLike();
        Tensor lse = null;
        if (ctx.recording()) {
            lse = Tensor.empty(q.device(), q.dtype(), Shape.of(q.dim(0), q.dim(2), q.dim(1)));
            ctx.save(q, k, v, y, lse);
        }
        ctx.kernels()
                .attention()
                .forward(
                        q,
                        k,
                        v,
                        scale,
                        mask,
                        Into.overwrite(y),
                        lse == null ? null : Into.overwrite(lse));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels()
                .attention()
                .backward(
                        ctx.saved(0),
                        ctx.saved(1),
                        ctx.saved(2),
                        scale,
                        mask,
                        ctx.saved(3),
                        ctx.saved(4),
                        dy,
                        ctx.gradOrNull(0),
                        ctx.gradOrNull(1),
                        ctx.gradOrNull(2));
    }
}
