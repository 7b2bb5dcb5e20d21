package org.lugha.models.gemma;

import java.util.List;
import org.lugha.models.ConfigJson;
import org.lugha.models.decoder.DecoderConfig;
import org.lugha.models.decoder.DecoderSizes;
import org.lugha.models.decoder.LayerTypes;
import org.lugha.models.decoder.Rope;
import org.lugha.models.decoder.Unsupported;
import org.lugha.runtime.spi.Unary;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Gemma 2's {@code config.json}, with transformers' own defaults for keys left out: every second
 * layer, the first among them, has a window.
 *
 * @param sizes the keys that all these families have
 * @param rope {@code rope_theta} and {@code rope_scaling}
 * @param types {@code layer_types} and {@code sliding_window}
 * @param attentionBias {@code attention_bias}
 * @param scalar {@code query_pre_attn_scalar}: scores are divided by its root
 * @param scoreSoftCap {@code attn_logit_softcapping}; 0: none
 * @param logitSoftCap {@code final_logit_softcapping}; 0: none
 */
public record Gemma2Config(
        DecoderSizes sizes,
        Rope rope,
        LayerTypes types,
        boolean attentionBias,
        double scalar,
        double scoreSoftCap,
        double logitSoftCap)
        implements DecoderConfig {

    static final String MODEL_TYPE = "gemma2";

    private static final DecoderSizes.Defaults DEFAULTS =
            new DecoderSizes.Defaults(256000, 2304, 9216, 26, 8, 4, 256, 8192, true, 2, 1);

    /** Reads and checks it. */
    public static Gemma2Config of(ConfigJson j) {
        Unsupported.refuse(j, "hidden_activation", List.of("gelu_pytorch_tanh"));
        DecoderSizes sizes = DecoderSizes.of(j, DEFAULTS);
        int window = j.isNull("sliding_window") ? 0 : j.size("sliding_window", 4096);
        return new Gemma2Config(
                sizes,
                Rope.of(j, sizes.maxPositions()),
                LayerTypes.of(j, sizes.layers(), window, i -> i % 2 == 0),
                j.flag("attention_bias", false),
                j.positive("query_pre_attn_scalar", 256),
                j.bound("attn_logit_softcapping", 50),
                j.bound("final_logit_softcapping", 30));
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
    public int window(int layer) {
        return types.of(layer);
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
    public boolean hasOuterNorms() {
        return true;
    }

    @Override
    public double scoreScale() {
        return 1 / Math.sqrt(scalar);
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
        ObjectNode j = json("Gemma2ForCausalLM");
        j.put("hidden_activation", "gelu_pytorch_tanh");
        GemmaKeys.write(j, types, attentionBias, scalar);
        GemmaKeys.bound(j, "attn_logit_softcapping", scoreSoftCap);
        GemmaKeys.bound(j, "final_logit_softcapping", logitSoftCap);
        return j;
    }
}
