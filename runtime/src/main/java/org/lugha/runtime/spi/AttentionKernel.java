package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/**
 * Scaled dot-product attention with an online softmax: memory linear in length (Dao et al. 2022).
 *
 * <p>q {@code [B,T,H,D]}, k and v {@code [B,S,G,D]} with H a multiple of G; query head h uses key
 * head {@code h / (H / G)}. q, k, v and their gradients may be strided in all axes but the last; y,
 * dy {@code [B,T,H,D]} and lse {@code [B,H,T]}, F32 where the others are narrower, are contiguous.
 * Scores s are those of {@link Scores}. A query that sees no key gives y 0 and lse {@code
 * -Infinity}, and adds nothing to any gradient; forward, one whose scores are all {@code -Infinity}
 * is the same.
 */
public interface AttentionKernel {
    /**
     * {@code y = softmax(s) v} over the keys the mask shows.
     *
     * @param lse log-sum-exp of each row's scores; null when no gradient will be asked for
     */
    void forward(Tensor q, Tensor k, Tensor v, Scores scores, Into y, Into lse);

    /**
     * With {@code p = exp(s - lse)} and {@code d = sum(dy y)} of each row: {@code dv = p^T dy, ds =
     * p (dy v^T - d), dq = scale ds k, dk = scale ds^T q}; under a soft cap c that bounded a score
     * to u, ds takes the factor {@code 1 - (u / c)^2} as well. Any Into may be null.
     */
    void backward(
            Tensor q,
            Tensor k,
            Tensor v,
            Scores scores,
            Tensor y,
            Tensor lse,
            Tensor dy,
            Into dq,
            Into dk,
            Into dv);
}
