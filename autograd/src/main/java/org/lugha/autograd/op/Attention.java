package org.lugha.autograd.op;

import java.util.Arrays;
import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

/**
 * {@code y = softmax(s) v} with scores s of q and k as {@link Scores} says (scale, soft cap, ALiBi,
 * mask): q {@code [B,T,H,D]}, k and v {@code [B,S,G,D]}, H a multiple of G (Ainslie et al. 2023).
 * Saves one number a row instead of the T x S matrix (Dao et al. 2022); the gradient's formula is
 * at {@link org.lugha.runtime.spi.AttentionKernel}.
 */
public record Attention(Scores scores) implements Op {

    public Attention(double scale, Mask mask) {
        this(Scores.scaled(scale, mask));
    }

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
        Check.that(
                fits(scores.mask().firsts(), q) && fits(scores.mask().ends(), q),
                this,
                "needs segments [B][T] of the queries",
                q);
        Check.that(
                scores.slopes().length == 0 || scores.slopes().length == q.dim(2),
                this,
                "needs one slope a query head",
                q);
        Tensor y = q.emptyLike();
        Tensor lse = null;
        if (ctx.recording()) {
            Shape rows = Shape.of(q.dim(0), q.dim(2), q.dim(1));
            lse = Tensor.empty(q.device(), q.dtype().wide(), rows);
            ctx.keep(0, 1, 2);
            ctx.save(y);
            ctx.saveExact(lse);
        }
        ctx.kernels()
                .attention()
                .forward(
                        q,
                        k,
                        v,
                        scores,
                        Into.overwrite(y),
                        lse == null ? null : Into.overwrite(lse));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels()
                .attention()
                .backward(
                        ctx.input(0),
                        ctx.input(1),
                        ctx.input(2),
                        scores,
                        ctx.saved(0),
                        ctx.saved(1),
                        dy,
                        ctx.gradOrNull(0),
                        ctx.gradOrNull(1),
                        ctx.gradOrNull(2));
    }

    private static boolean fits(int[][] segments, Tensor q) {
        return segments.length == 0
                || (segments.length == q.dim(0)
                        && Arrays.stream(segments).allMatch(row -> row.length == q.dim(1)));
    }
}
