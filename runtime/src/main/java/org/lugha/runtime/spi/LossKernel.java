package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/**
 * Output layer and cross-entropy in one pass, so that no {@code [N,V]} matrix ever exists: logits
 * {@code z = h w^T}, h {@code [N,D]}, w {@code [V,D]}, labels I32 {@code [N]} in {@code [0,V)}.
 */
public interface LossKernel {
    /**
     * {@code nll[n] = lse[n] - z[n, labels[n]], lse[n] = log sum_v exp z[n, v]}.
     *
     * @param dh gradient of {@code sum_n nll[n]}: {@code dh[n] = sum_v p[n,v] w[v] - w[labels[n]]},
     *     {@code p = exp(z - lse)}; null when not wanted
     */
    void forward(Tensor h, Tensor w, Tensor labels, Into nll, Into lse, Into dh);

    /** {@code dw = beta dw + scale sum_n (p[n,v] - [v = labels[n]]) h[n]}. */
    void weightGradient(Tensor h, Tensor w, Tensor labels, Tensor lse, double scale, Into dw);
}
