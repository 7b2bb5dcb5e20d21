package org.lugha.models.layers;

import org.lugha.nn.Pass;

/**
 * Seeds of the places where a base model drops, apart from each other and from those of adapters,
 * which are counted from 0 upwards.
 */
final class Sites {
    private static final int PER_LAYER = 3;

    private Sites() {}

    /** Behind the embedding. */
    static long embedding(Pass pass) {
        return pass.seedOf(-1);
    }

    static long attention(Pass pass, int layer) {
        return of(pass, layer, 0);
    }

    /** Before attention's result joins the residual. */
    static long afterAttention(Pass pass, int layer) {
        return of(pass, layer, 1);
    }

    /** Before the feed-forward's result joins the residual. */
    static long afterMlp(Pass pass, int layer) {
        return of(pass, layer, 2);
    }

    private static long of(Pass pass, int layer, int place) {
        return pass.seedOf(-2L - PER_LAYER * (long) layer - place);
    }
}
