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
 * The {@code config.json} of Gemma 3's text models, with transformers' own defaults for keys left
 * out: of every six layers the last sees all keys, and turns by another base than those with a
 * window. {@code attn_logit_softcapping} has no effect, in transformers neither.
 *
 * @param sizes the keys that all these families have
 * @param global rotary positions of the layers that see all keys
 * @param local those of the layers with a window
 * @param types {@code layer_types} or {@code sliding_window_pattern}, and {@code sliding_window}
 * @param attentionBias {@code attention_bias}
 * @param scalar {@code query_pre_attn_scalar}: scores are divided by its root
 * @param logitSoftCap {@code final_logit_softcapping}; 0: none
 */
public record Gemma3Config(
        DecoderSizes sizes,
        Rope global,
        Rope local,
        LayerTypes types,
        boolean attentionBias,
        double scalar,
        double logitSoftCap)
        implements DecoderConfig {

    static final String MODEL_TYPE = "gemma3_text";

    private static final DecoderSizes.Defaults DEFAULTS =
            new DecoderSizes.Defaults(262208, 2304, 9216, 26, 8, 4, 256, 131072, true, 2, 1);

    /** Reads and checks it. */
    public static Gemma3Config of(ConfigJson j) {
        Unsupported.refuse(j, "hidden_activation", List.of("gelu_pytorch_tanh"));
        DecoderSizes sizes = DecoderSizes.of(j, DEFAULTS);
        int window = j.isNull("sliding_window") ? 0 : j.size("sliding_window", 4096);
        int pattern = j.size("sliding_window_pattern", 6);
        var types = LayerTypes.of(j, sizes.layers(), window, i -> (i + 1) % pattern != 0);
        return new Gemma3Config(
                sizes,
                TwoRopes.global(j, sizes.maxPositions()),
                TwoRopes.local(j, sizes.maxPositions()),
                types,
                j.flag("attention_bias", false),
                j.positive("query_pre_attn_scalar", 256),
                j.bound("final_logit_softcapping", 0));
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
        return types.of(layer) > 0 ? local : global;
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
    public boolean hasHeadNorms() {
        return true;
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
        ObjectNode j = json("Gemma3ForCausalLM");
        j.put("hidden_activation", "gelu_pytorch_tanh");
        TwoRopes.write(j, global, local);
        GemmaKeys.write(j, types, attentionBias, scalar);
        GemmaKeys.bound(j, "final_logit_softcapping", logitSoftCap);
        return j;
    }
}
