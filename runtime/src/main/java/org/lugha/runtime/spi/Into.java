package org.lugha.runtime.spi;

import org.lugha.runtime.Tensor;

/**
 * Where a kernel writes: {@code destination = beta * destination + result}. With {@code beta == 0}
 * the destination is never read and may be uninitialised. A {@code null} Into means "not wanted".
 */
public record Into(Tensor tensor, float beta) {
    /** Tells the destination's memory that its content is about to change. */
    public Into {
        tensor.storage().changes();
    }

    public static Into overwrite(Tensor t) {
        return new Into(t, 0);
    }

    public static Into add(Tensor t) {
        return new Into(t, 1);
    }

    /** The same destination for a second contribution. */
    public Into more() {
        return new Into(tensor, 1);
    }
}
