package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/**
 * Losses over a vocabulary of V words; cross-entropy first. From logits that are there already, z
 * {@code [N,V]}; or from what the output layer reads, in one pass with it, so that no {@code [N,V]}
 * matrix ever exists: {@code z = h w^T}, h {@code [N,D]}, w {@code [V,D]}.
 */
public interface LossKernel {
    /**
     * {@code nll[n] = lse[n] - z[n, labels[n]], lse[n] = log sum_v exp z[n, v]}.
     *
     * @param labels I32 {@code [N]} in {@code [0,V)}
     * @param cap bends the logits to {@code z = cap tanh(h w^T / cap)}; 0 does not (Gemma 2)
     * @param dh gradient of {@code sum_n nll[n]}: {@code dh[n] = sum_v dz[n,v] w[v]}, {@code
     *     dz[n,v] = (p[n,v] - [v = labels[n]]) (1 - (z[n,v] / cap)^2)}, the last factor 1 without
     *     cap, {@code p = exp(z - lse)}; null when not wanted
     */
    void forward(Tensor h, Tensor w, Tensor labels, double cap, Into nll, Into lse, Into dh);

    /** {@code dw[v] = beta dw[v] + scale sum_n dz[n,v] h[n]}, dz as in {@link #forward}. */
    void weightGradient(
            Tensor h, Tensor w, Tensor labels, double cap, Tensor lse, double scale, Into dw);

    /**
     * {@code nll[n] = lse[n] - (1 - smoothing) z[n, labels[n]] - smoothing / V sum_v z[n, v]}.
     *
     * @param labels I32 {@code [N]}; where one is below 0 the row does not count: nll and lse are 0
     */
    void logits(Tensor z, Tensor labels, double smoothing, Into nll, Into lse);

    /**
     * {@code dz[n, v] = beta dz[n, v] + scale (exp(z[n, v] - lse[n]) - (1 - smoothing) [v =
     * labels[n]] - smoothing / V)}, the second term 0 for a row that does not count.
     *
     * @param dz may be z itself
     */
    void logitsGradient(
            Tensor z, Tensor labels, double smoothing, Tensor lse, double scale, Into dz);

    /**
     * How far one distribution over words is from another: {@code kl[n] = sum_v p[n,v] (log p[n,v]
     * - log q[n,v])} with {@code p = softmax(t / T), q = softmax(z / T)}; a word whose p is 0 adds
     * nothing. Exactly 0, with gradients of 0, where z equals t.
     *
     * @param z student's logits {@code [N,V]}, V above 0
     * @param t teacher's logits {@code [N,V]}
     * @param temperature T, above 0
     * @param dz gradient of {@code sum_n kl[n]}: {@code (q - p) / T}; null when not wanted
     * @param dt likewise: {@code p (log p - log q - kl[n]) / T}; null when not wanted
     */
    void divergence(Tensor z, Tensor t, double temperature, Into kl, Into dz, Into dt);
}
