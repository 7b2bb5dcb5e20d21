package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.runtime.DType;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

/**
 * Attention that drops probabilities in training: {@code y = drop(softmax(s)) v}. Made of ops that
 * hold the {@code [B,H,T,S]} scores, which attention without dropout never does; so it is for
 * training on texts of moderate length.
 *
 * @param scores as in {@link org.lugha.autograd.op.Attention}
 * @param p of a probability to be dropped
 * @param seed what decides which
 */
record DroppedAttention(Scores scores, double p, long seed) {
    /** For scores of hidden keys: so low that nothing is left of them after the softmax. */
    private static final double HIDDEN = -1e30;

    /**
     * q {@code [B,T,H,D]}, k and v {@code [B,S,K,D]} to {@code [B,T,H,D]}; head h sees key head
     * {@code h K / H}.
     */
    Var apply(Var q, Var keys, Var values) {
        Var k = repeated(keys, q.shape().dim(2));
        Var v = repeated(values, q.shape().dim(2));
        Var s = q.transpose(1, 2).matmul(k.transpose(1, 2), false, true).scale(scores.scale());
        if (scores.softCap() > 0) {
            s = s.softCap(scores.softCap());
        }
        if (scores.slopes().length > 0) {
            s = s.alibi(scores.slopes());
        }
        Var kept = s.maskedFill(hidden(s.value()), HIDDEN).softmax().dropout(p, seed);
        return kept.matmul(v.transpose(1, 2)).transpose(1, 2);
    }

    private static Var repeated(Var x, int heads) {
        Shape s = x.shape();
        if (s.dim(2) == heads) {
            return x;
        }
        int group = heads / s.dim(2);
        return x.view(s.dim(0), s.dim(1), s.dim(2), 1, s.dim(3))
                .expand(s.dim(0), s.dim(1), s.dim(2), group, s.dim(3))
                .view(s.dim(0), s.dim(1), heads, s.dim(3));
    }

    /** 1 where a query does not see a key: {@code [T,S]}, or with segments {@code [B,H,T,S]}. */
    private Tensor hidden(Tensor s) {
        Mask mask = scores.mask();
        int heads = s.dim(1);
        int queries = s.dim(2);
        int keys = s.dim(3);
        boolean isOne = mask.firsts().length == 0 && mask.ends().length == 0;
        Shape shape = isOne ? Shape.of(queries, keys) : s.shape();
        return Tensor.generate(
                s.device(),
                DType.I32,
                shape,
                i -> {
                    int b = (int) (i / keys / queries / heads);
                    int t = (int) (i / keys % queries);
                    long at = i % keys;
                    return at >= mask.first(b, t) && at < mask.end(b, t, keys) ? 0 : 1;
                });
    }
}
