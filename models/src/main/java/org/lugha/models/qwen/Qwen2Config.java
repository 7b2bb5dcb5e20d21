package org.lugha.models.qwen;

import java.util.List;
import org.lugha.models.ConfigJson;
import org.lugha.models.decoder.DecoderConfig;
import org.lugha.models.decoder.DecoderSizes;
import org.lugha.models.decoder.LayerTypes;
import org.lugha.models.decoder.Rope;
import org.lugha.models.decoder.Unsupported;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code config.json} of Qwen 2 and 2.5, with transformers' own defaults for keys left out.
 * Queries, keys and values always have biases.
 *
 * @param sizes the keys that all these families have
 * @param rope {@code rope_theta} and {@code rope_scaling}
 * @param types which layers have a window: {@code use_sliding_window}, {@code sliding_window},
 *     {@code max_window_layers}, {@code layer_types}
 */
public record Qwen2Config(DecoderSizes sizes, Rope rope, LayerTypes types)
        implements DecoderConfig {

    static final String MODEL_TYPE = "qwen2";

    private static final DecoderSizes.Defaults DEFAULTS =
            new DecoderSizes.Defaults(151936, 4096, 22016, 32, 32, 32, 0, 32768, false, -1, -1);

    /** Reads and checks it. */
    public static Qwen2Config of(ConfigJson j) {
        Unsupported.refuse(j, "hidden_act", List.of("silu", "swish"));
        DecoderSizes sizes = DecoderSizes.of(j, DEFAULTS);
        return new Qwen2Config(
                sizes, Rope.of(j, sizes.maxPositions()), SlidingWindow.of(j, sizes.layers()));
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
        return types.of(layer);
    }

    @Override
    public boolean hasInputBias() {
        return true;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode j = json("Qwen2ForCausalLM");
        j.put("hidden_act", "silu");
        SlidingWindow.write(j, types);
        return j;
    }
}
