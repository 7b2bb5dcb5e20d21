package org.lugha.models.gemma;

import java.util.List;
import org.lugha.models.ConfigJson;
import org.lugha.models.decoder.DecoderConfig;
import org.lugha.models.decoder.DecoderSizes;
import org.lugha.models.decoder.Rope;
import org.lugha.models.decoder.Unsupported;
import org.lugha.runtime.spi.Unary;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Gemma's {@code config.json} (the first generation), with transformers' own defaults for keys
 * left out. Its gate is {@code gelu_pytorch_tanh} even where older files say {@code gelu}.
 *
 * @param sizes the keys that all these families have
 * @param rope {@code rope_theta} and {@code rope_scaling}
 * @param attentionBias {@code attention_bias}
 */
public record GemmaConfig(DecoderSizes sizes, Rope rope, boolean attentionBias)
        implements DecoderConfig {

    static final String MODEL_TYPE = "gemma";

    private static final DecoderSizes.Defaults DEFAULTS =
            new DecoderSizes.Defaults(256000, 3072, 24576, 28, 16, 16, 256, 8192, true, 2, 1);

    /** Reads and checks it. */
    public static GemmaConfig of(ConfigJson j) {
        Unsupported.refuse(j, "hidden_act", List.of("gelu_pytorch_tanh", "gelu"));
        DecoderSizes sizes = DecoderSizes.of(j, DEFAULTS);
        return new GemmaConfig(
                sizes, Rope.of(j, sizes.maxPositions()), j.flag("attention_bias", false));
    }

    /** The factor of the embeddings is. */
    @Override
    public boolean roundsToWeights() {
        return true;
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
    public double normOffset() {
        return 1;
    }

    @Override
    public double embeddingScale() {
        return Math.sqrt(sizes.hiddenSize());
    }

    @Override
    public Unary activation() {
        return Unary.GELU_TANH;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode j = json("GemmaForCausalLM");
        j.put("hidden_act", "gelu_pytorch_tanh");
        j.put("attention_bias", attentionBias);
        return j;
    }
}
