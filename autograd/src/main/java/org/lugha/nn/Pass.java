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
 * @param recompute whether a model keeps only what goes into its blocks and computes the rest again
 *     in backward: see {@link Module#recompute}
 */
public record Pass(
        boolean training,
        long seed,
        Mask mask,
        Tensor positions,
        KvCache cache,
        boolean recompute) {
    public Pass {
        if (recompute && cache != null) {
            throw new IllegalArgumentException(
                    "pass: recomputing runs a block twice and would fill the cache twice; leave"
                            + " the cache or recompute away");
        }
    }

    /** Everything is kept for backward. */
    public Pass(boolean training, long seed, Mask mask, Tensor positions, KvCache cache) {
        this(training, seed, mask, positions, cache, false);
    }

    /** A causal pass over whole rows. */
    public static Pass causal(boolean training, long seed, Tensor positions) {
        return new Pass(training, seed, Mask.causal(), positions, null);
    }

    /** The same, recomputing or not. */
    public Pass withRecompute(boolean yes) {
        return new Pass(training, seed, mask, positions, cache, yes);
    }

    /** Seed of one random place, such as the dropout of the 7th adapter. */
    public long seedOf(long place) {
        return Philox.derive(seed, place);
    }
}
