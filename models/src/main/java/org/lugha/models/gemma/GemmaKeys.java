package org.lugha.models.gemma;

import org.lugha.models.decoder.LayerTypes;
import tools.jackson.databind.node.ObjectNode;

/** Keys of {@code config.json} that Gemma 2 and 3 share, written. */
final class GemmaKeys {
    private GemmaKeys() {}

    static void write(ObjectNode j, LayerTypes types, boolean attentionBias, double scalar) {
        if (scalar == Math.rint(scalar)) {
            j.put("query_pre_attn_scalar", (long) scalar); // transformers takes no fraction there
        } else {
            j.put("query_pre_attn_scalar", scalar);
        }
        if (types.window() > 0) {
            j.put("sliding_window", types.window());
        }
        types.write(j);
        j.put("attention_bias", attentionBias);
    }

    static void bound(ObjectNode j, String key, double value) {
        if (value == 0) {
            j.putNull(key);
        } else {
            j.put(key, value);
        }
    }
}
