package org.lugha.nn;

import org.lugha.runtime.Philox;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Mask;

/**
 * Everything about a forward pass that is not data. There is no train or eval state anywhere else.
 *
 * @param training whether dropout drops
 * @param seed of this pass; every random choice derives from it
 * @param mask which keys a query sees
 * @param positions I32 {@code [B,T]}, the position of each token in its example
 * @param cache keys and values of earlier tokens; null when there is none
 */
public record Pass(boolean training, long seed, Mask mask, Tensor positions, KvCache cache) {

    /** A causal pass over whole rows. */
    public static Pass causal(boolean training, long seed, Tensor positions) {
        return new Pass(training, seed, Mask.causal(), positions, null);
    }

    /** Seed of one random place, such as the dropout of the 7th adapter. */
    public long seedOf(long place) {
        return Philox.derive(seed, place);
    }
}
