package org.lugha.models.layers;

import org.lugha.nn.RmsNorm;

/**
 * How a family's RMS norms are computed.
 *
 * @param offset 1 where weights are kept as what they differ from 1 by, as Gemma's are; else 0
 * @param eps added to the mean square
 */
public record NormShape(double offset, double eps) {
    /** A norm of this kind over the last axis. */
    public RmsNorm of(int dim) {
        return new RmsNorm(dim, offset, eps);
    }
}
