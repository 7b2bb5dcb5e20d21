package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/** Rotary position embedding (Su et al. 2021) in Hugging Face's half-split pairing. */
public interface RopeKernel {
    /**
     * Rotates the pair {@code (x[i], x[i + R/2])}, {@code i < R/2}, of every head by the angle of
     * its position; elements from R on pass through.
     *
     * <p>{@code y[i] = x[i] c - s x[i + R/2]; y[i + R/2] = x[i + R/2] c + s x[i]}.
     *
     * @param x {@code [B,T,H,D]}
     * @param positions I32 {@code [B,T]}, each a row of the tables
     * @param cos {@code [P, R/2]}, R even and at most D
     * @param sin {@code [P, R/2]}
     * @param inverse rotate back, which is the gradient
     */
    void rotate(Tensor x, Tensor positions, Tensor cos, Tensor sin, boolean inverse, Into y);
}
