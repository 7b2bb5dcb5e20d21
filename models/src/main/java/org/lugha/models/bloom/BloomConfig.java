package org.lugha.models.bloom;

import java.util.List;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelConfig;
import org.lugha.models.layers.DropoutNote;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A BLOOM's {@code config.json}, with transformers' own defaults for keys left out. {@code
 * pretraining_tp}, {@code slow_but_exact}, {@code n_inner} and the keys of its first training
 * program change nothing, there or here.
 *
 * @param vocabularySize {@code vocab_size}
 * @param hiddenSize {@code n_embed}, or {@code hidden_size}
 * @param layers {@code n_layer}, or {@code num_hidden_layers}
 * @param heads {@code n_head}, or {@code num_attention_heads}
 * @param eps {@code layer_norm_epsilon}
 * @param isResidualNormed {@code apply_residual_connection_post_layernorm}
 * @param hiddenDropout {@code hidden_dropout}, of what a layer adds, in training
 * @param attentionDropout {@code attention_dropout}, of attention's probabilities, in training
 * @param isTied {@code tie_word_embeddings}
 * @param initializerRange {@code initializer_range}
 * @param beginIds {@code bos_token_id}, at most one
 * @param endIds {@code eos_token_id}
 */
public record BloomConfig(
        int vocabularySize,
        int hiddenSize,
        int layers,
        int heads,
        double eps,
        boolean isResidualNormed,
        double hiddenDropout,
        double attentionDropout,
        boolean isTied,
        double initializerRange,
        List<Integer> beginIds,
        List<Integer> endIds)
        implements ModelConfig {

    private static final int MOST_HIDDEN = 1 << 24;

    static final String MODEL_TYPE = "bloom";

    /** Reads and checks it. */
    public static BloomConfig of(ConfigJson j) {
        String hiddenKey = j.spelled("n_embed", "hidden_size");
        int hidden = j.size(hiddenKey, 64);
        int heads = j.size(j.spelled("n_head", "num_attention_heads"), 8);
        if (hidden > MOST_HIDDEN) {
            throw j.fail(hiddenKey, "at most " + MOST_HIDDEN, "" + hidden);
        }
        if (hidden % heads != 0) {
            throw j.fail(hiddenKey, "a multiple of n_head " + heads, "" + hidden);
        }
        return new BloomConfig(
                j.size("vocab_size", 250880),
                hidden,
                j.size(j.spelled("n_layer", "num_hidden_layers"), 2),
                heads,
                j.fromZero("layer_norm_epsilon", 1e-5),
                j.flag("apply_residual_connection_post_layernorm", false),
                j.probability("hidden_dropout", 0),
                j.probability("attention_dropout", 0),
                j.flag("tie_word_embeddings", true),
                j.number("initializer_range", 0.02),
                j.ids("bos_token_id"),
                j.ids("eos_token_id"));
    }

    @Override
    public String modelType() {
        return MODEL_TYPE;
    }

    /** Width of a head. */
    public int headDim() {
        return hiddenSize / heads;
    }

    /** ALiBi has no table that ends. */
    @Override
    public int maxPositions() {
        return Integer.MAX_VALUE;
    }

    @Override
    public List<String> trainingNotes() {
        return DropoutNote.of(
                "hidden_dropout " + hiddenDropout,
                hiddenDropout,
                "attention_dropout",
                attentionDropout);
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode j = JsonNodeFactory.instance.objectNode();
        j.putArray("architectures").add("BloomForCausalLM");
        j.put("model_type", MODEL_TYPE);
        j.put("vocab_size", vocabularySize);
        j.put("hidden_size", hiddenSize);
        j.put("n_layer", layers);
        j.put("n_head", heads);
        j.put("layer_norm_epsilon", eps);
        j.put("apply_residual_connection_post_layernorm", isResidualNormed);
        j.put("hidden_dropout", hiddenDropout);
        j.put("attention_dropout", attentionDropout);
        j.put("tie_word_embeddings", isTied);
        j.put("initializer_range", initializerRange);
        ConfigJson.putIds(j, "bos_token_id", beginIds);
        ConfigJson.putIds(j, "eos_token_id", endIds);
        return j;
    }
}
