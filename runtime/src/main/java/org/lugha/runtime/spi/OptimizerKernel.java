package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/** Parameter updates in one sweep. */
public interface OptimizerKernel {
    /**
     * With {@code g' = gradientScale g}: {@code p -= lr weightDecay p; m = beta1 m + (1 - beta1)
     * g'; v = beta2 v + (1 - beta2) g'^2; p -= lr (m / (1 - beta1^step)) / (sqrt(v / (1 -
     * beta2^step)) + eps)}. These three Intos are {@link Into#add}: the update is added in place.
     *
     * @param g of any floating-point type
     * @param rounded p, the master copy, as a narrower type; null when there is none
     */
    void adamW(AdamStep how, Tensor g, Into p, Into m, Into v, Into rounded);
}
