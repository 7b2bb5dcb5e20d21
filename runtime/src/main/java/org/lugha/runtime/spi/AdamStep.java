package org.lugha.runtime.spi;

/**
 * The numbers of one AdamW step (Loshchilov and Hutter 2019).
 *
 * @param step 1 for the first update
 * @param gradientScale the gradient is multiplied by this first; clipping without a pass of its own
 */
public record AdamStep(
        double lr,
        double beta1,
        double beta2,
        double eps,
        double weightDecay,
        long step,
        double gradientScale) {}
