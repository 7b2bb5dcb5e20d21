package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.nn.Adapter;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;

/**
 * An adapter of an attention layer with learned keys and values that every token of an example
 * sees, in the places that {@link VirtualTokens} keep for them. Keys are as they are scored: not
 * rotated.
 */
public interface KeyPrefix extends Adapter {
    /** Keys and values. */
    record Pair(Var keys, Var values) {}

    /** The learned ones, {@code [n,G,D]} each. */
    Pair learned();

    /** A layer's keys and values {@code [B,T,G,D]} with those of its prefix in their places. */
    static Pair joined(Module layer, Var keys, Var values, Pass pass) {
        Pair all = new Pair(keys, values);
        if (pass.cache() == null || pass.cache().length() == 0) {
            for (Adapter a : layer.adapters()) {
                if (a instanceof KeyPrefix prefix) {
                    Pair own = prefix.learned();
                    all =
                            new Pair(
                                    VirtualTokens.laid(all.keys(), own.keys(), pass),
                                    VirtualTokens.laid(all.values(), own.values(), pass));
                }
            }
        }
        return all;
    }

    /** Whether a layer has one. */
    static boolean isIn(Module layer) {
        return layer.adapters().stream().anyMatch(KeyPrefix.class::isInstance);
    }
}
