package org.lugha.models.llama;

import java.util.List;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelConfig;
import org.lugha.models.layers.RopeScaling;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Llama's {@code config.json}, in the spelling of transformers 5 ({@code rope_parameters}, {@code
 * dtype}) or the older one ({@code rope_theta}, {@code rope_scaling}, {@code torch_dtype}), with
 * transformers' own defaults for keys left out.
 *
 * @param vocabularySize {@code vocab_size}
 * @param hiddenSize {@code hidden_size}
 * @param intermediateSize {@code intermediate_size}
 * @param layers {@code num_hidden_layers}
 * @param heads {@code num_attention_heads}
 * @param keyHeads {@code num_key_value_heads}; as many as heads where left out
 * @param headDim {@code head_dim}; hidden size over heads where left out
 * @param maxPositions {@code max_position_embeddings}
 * @param rmsNormEps {@code rms_norm_eps}
 * @param ropeTheta {@code rope_theta}
 * @param scaling {@code rope_scaling}
 * @param attentionBias {@code attention_bias}
 * @param mlpBias {@code mlp_bias}
 * @param isTied {@code tie_word_embeddings}
 * @param initializerRange {@code initializer_range}
 * @param beginIds {@code bos_token_id}, at most one
 * @param endIds {@code eos_token_id}
 */
public record LlamaConfig(
        int vocabularySize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int keyHeads,
        int headDim,
        int maxPositions,
        double rmsNormEps,
        double ropeTheta,
        RopeScaling scaling,
        boolean attentionBias,
        boolean mlpBias,
        boolean isTied,
        double initializerRange,
        List<Integer> beginIds,
        List<Integer> endIds)
        implements ModelConfig {

    static final String MODEL_TYPE = "llama";

    /** Reads and checks it. */
    public static LlamaConfig of(ConfigJson j) {
        refuse(j);
        int hidden = j.size("hidden_size");
        int heads = j.size("num_attention_heads");
        int keyHeads = j.size("num_key_value_heads", heads);
        int headDim = j.size("head_dim", Math.max(1, hidden / heads));
        if (heads % keyHeads != 0) {
            throw j.fail(
                    "num_key_value_heads",
                    "a divisor of num_attention_heads " + heads,
                    "" + keyHeads);
        }
        if (headDim % 2 != 0 || (j.get("head_dim").isEmpty() && hidden % heads != 0)) {
            throw j.fail(
                    "hidden_size",
                    "heads of an even width (num_attention_heads " + heads + ")",
                    "" + hidden);
        }
        int maxPositions = j.size("max_position_embeddings", 2048);
        Rope rope = Rope.of(j, maxPositions);
        return new LlamaConfig(
                j.size("vocab_size"),
                hidden,
                j.size("intermediate_size"),
                j.size("num_hidden_layers"),
                heads,
                keyHeads,
                headDim,
                maxPositions,
                j.number("rms_norm_eps", 1e-6),
                rope.theta(),
                rope.scaling(),
                j.flag("attention_bias", false),
                j.flag("mlp_bias", false),
                j.flag("tie_word_embeddings", false),
                j.number("initializer_range", 0.02),
                j.ids("bos_token_id"),
                j.ids("eos_token_id"));
    }

    /** What would silently change the results. */
    private static void refuse(ConfigJson j) {
        String activation = j.text("hidden_act", "silu");
        if (!activation.equals("silu") && !activation.equals("swish")) {
            throw j.fail("hidden_act", "silu, the only one supported", activation);
        }
        if (j.number("attention_dropout", 0) != 0) {
            throw j.fail(
                    "attention_dropout",
                    "0, the only value supported",
                    j.root().get("attention_dropout").toString());
        }
        if (j.get("quantization_config").isPresent()) {
            throw j.fail(
                    "quantization_config",
                    "plain weights",
                    "a quantised checkpoint; use the one it was made from");
        }
    }

    @Override
    public String modelType() {
        return MODEL_TYPE;
    }

    /** With rotary positions in the older spelling, which every reader understands. */
    @Override
    public ObjectNode toJson() {
        ObjectNode j = JsonNodeFactory.instance.objectNode();
        j.putArray("architectures").add("LlamaForCausalLM");
        j.put("model_type", MODEL_TYPE);
        j.put("vocab_size", vocabularySize);
        j.put("hidden_size", hiddenSize);
        j.put("intermediate_size", intermediateSize);
        j.put("num_hidden_layers", layers);
        j.put("num_attention_heads", heads);
        j.put("num_key_value_heads", keyHeads);
        j.put("head_dim", headDim);
        j.put("hidden_act", "silu");
        j.put("max_position_embeddings", maxPositions);
        j.put("rms_norm_eps", rmsNormEps);
        Rope.write(j, ropeTheta, scaling);
        j.put("attention_bias", attentionBias);
        j.put("attention_dropout", 0.0);
        j.put("mlp_bias", mlpBias);
        j.put("tie_word_embeddings", isTied);
        j.put("initializer_range", initializerRange);
        put(j, "bos_token_id", beginIds);
        put(j, "eos_token_id", endIds);
        return j;
    }

    private static void put(ObjectNode j, String key, List<Integer> ids) {
        switch (ids.size()) {
            case 0 -> j.putNull(key);
            case 1 -> j.put(key, ids.getFirst());
            default -> ids.forEach(j.withArray(key)::add);
        }
    }
}
