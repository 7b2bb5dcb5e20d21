package org.lugha.models.mistral;

import java.util.List;
import org.lugha.models.ConfigJson;
import org.lugha.models.decoder.DecoderConfig;
import org.lugha.models.decoder.DecoderSizes;
import org.lugha.models.decoder.Rope;
import org.lugha.models.decoder.Unsupported;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Mistral's {@code config.json}, with transformers' own defaults for keys left out: then every
 * layer has a window of 4096, and none where {@code sliding_window} is null.
 *
 * @param sizes the keys that all these families have
 * @param rope {@code rope_theta} and {@code rope_scaling}
 * @param slidingWindow {@code sliding_window} of every layer; 0: none
 */
public record MistralConfig(DecoderSizes sizes, Rope rope, int slidingWindow)
        implements DecoderConfig {

    static final String MODEL_TYPE = "mistral";

    private static final DecoderSizes.Defaults DEFAULTS =
            new DecoderSizes.Defaults(32000, 4096, 14336, 32, 32, 8, 0, 131072, false, 1, 2);

    /** Reads and checks it. */
    public static MistralConfig of(ConfigJson j) {
        Unsupported.refuse(j, "hidden_act", List.of("silu", "swish"));
        if (j.get("layer_types").isPresent()) {
            throw j.fail("layer_types", "one kind of layers, as Mistral has", "a list");
        }
        DecoderSizes sizes = DecoderSizes.of(j, DEFAULTS);
        int window = j.isNull("sliding_window") ? 0 : j.size("sliding_window", 4096);
        return new MistralConfig(sizes, Rope.of(j, sizes.maxPositions()), window);
    }

    @Override
    public String modelType() {
        return MODEL_TYPE;
    }

    @Override
    public Rope rope(int layer) {
        return rope;
    }

    @Override
    public int window(int layer) {
        return slidingWindow;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode j = json("MistralForCausalLM");
        j.put("hidden_act", "silu");
        if (slidingWindow == 0) {
            j.putNull("sliding_window");
        } else {
            j.put("sliding_window", slidingWindow);
        }
        return j;
    }
}
