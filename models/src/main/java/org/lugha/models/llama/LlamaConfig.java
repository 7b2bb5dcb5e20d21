package org.lugha.models.llama;

import java.util.List;
import org.lugha.models.ConfigJson;
import org.lugha.models.decoder.DecoderConfig;
import org.lugha.models.decoder.DecoderSizes;
import org.lugha.models.decoder.Rope;
import org.lugha.models.decoder.Unsupported;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Llama's {@code config.json}, in the spelling of transformers 5 ({@code rope_parameters}, {@code
 * dtype}) or the older one ({@code rope_theta}, {@code rope_scaling}, {@code torch_dtype}), with
 * transformers' own defaults for keys left out.
 *
 * @param sizes the keys that all these families have
 * @param rope {@code rope_theta} and {@code rope_scaling}
 * @param attentionBias {@code attention_bias}
 * @param mlpBias {@code mlp_bias}
 */
public record LlamaConfig(DecoderSizes sizes, Rope rope, boolean attentionBias, boolean mlpBias)
        implements DecoderConfig {

    static final String MODEL_TYPE = "llama";

    private static final DecoderSizes.Defaults DEFAULTS =
            new DecoderSizes.Defaults(32000, 4096, 11008, 32, 32, 0, 0, 2048, false, 1, 2);

    /** Reads and checks it. */
    public static LlamaConfig of(ConfigJson j) {
        Unsupported.refuse(j, "hidden_act", List.of("silu", "swish"));
        DecoderSizes sizes = DecoderSizes.of(j, DEFAULTS);
        return new LlamaConfig(
                sizes,
                Rope.of(j, sizes.maxPositions()),
                j.flag("attention_bias", false),
                j.flag("mlp_bias", false));
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
    public boolean hasInputBias() {
        return attentionBias;
    }

    @Override
    public boolean hasOutputBias() {
        return attentionBias;
    }

    @Override
    public boolean hasMlpBias() {
        return mlpBias;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode j = json("LlamaForCausalLM");
        j.put("hidden_act", "silu");
        j.put("attention_bias", attentionBias);
        j.put("mlp_bias", mlpBias);
        return j;
    }
}
