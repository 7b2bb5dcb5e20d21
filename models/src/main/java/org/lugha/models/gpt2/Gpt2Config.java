package org.lugha.models.gpt2;

import java.util.List;
import java.util.Optional;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelConfig;
import org.lugha.models.layers.DropoutNote;
import org.lugha.runtime.spi.Unary;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A GPT-2's {@code config.json}, with transformers' own defaults for keys left out; {@code
 * hidden_size}, {@code num_hidden_layers}, {@code num_attention_heads} and {@code
 * max_position_embeddings} are second spellings. {@code reorder_and_upcast_attn} changes nothing
 * here, where scores are always F32.
 *
 * @param vocabularySize {@code vocab_size}
 * @param maxPositions {@code n_positions}, rows of the table of positions
 * @param hiddenSize {@code n_embd}
 * @param innerSize {@code n_inner}; four times the hidden size where left out
 * @param layers {@code n_layer}
 * @param heads {@code n_head}
 * @param activation {@code activation_function}, see {@link #function}
 * @param eps {@code layer_norm_epsilon}
 * @param isScaled {@code scale_attn_weights}
 * @param isScaledByLayer {@code scale_attn_by_inverse_layer_idx}
 * @param dropout in training
 * @param isTied {@code tie_word_embeddings}
 * @param initializerRange {@code initializer_range}
 * @param beginIds {@code bos_token_id}, at most one
 * @param endIds {@code eos_token_id}
 */
public record Gpt2Config(
        int vocabularySize,
        int maxPositions,
        int hiddenSize,
        int innerSize,
        int layers,
        int heads,
        String activation,
        double eps,
        boolean isScaled,
        boolean isScaledByLayer,
        Dropout dropout,
        boolean isTied,
        double initializerRange,
        List<Integer> beginIds,
        List<Integer> endIds)
        implements ModelConfig {

    private static final int MOST_HIDDEN = 1 << 24;

    static final String MODEL_TYPE = "gpt2";

    /**
     * Probabilities.
     *
     * @param residual {@code resid_pdrop}, of what a layer adds
     * @param embedding {@code embd_pdrop}
     * @param attention {@code attn_pdrop}, of attention's probabilities
     */
    public record Dropout(double residual, double embedding, double attention) {}

    /** Reads and checks it. */
    public static Gpt2Config of(ConfigJson j) {
        refuse(j);
        String hiddenKey = j.spelled("n_embd", "hidden_size");
        int hidden = j.size(hiddenKey, 768);
        int heads = j.size(j.spelled("n_head", "num_attention_heads"), 12);
        if (hidden > MOST_HIDDEN) {
            throw j.fail(hiddenKey, "at most " + MOST_HIDDEN, "" + hidden);
        }
        if (hidden % heads != 0) {
            throw j.fail(hiddenKey, "a multiple of n_head " + heads, "" + hidden);
        }
        return new Gpt2Config(
                j.size("vocab_size", 50257),
                j.size(j.spelled("n_positions", "max_position_embeddings"), 1024),
                hidden,
                j.size("n_inner", Math.multiplyExact(4, hidden)),
                j.size(j.spelled("n_layer", "num_hidden_layers"), 12),
                heads,
                j.text("activation_function", "gelu_new"),
                j.fromZero("layer_norm_epsilon", 1e-5),
                j.flag("scale_attn_weights", true),
                j.flag("scale_attn_by_inverse_layer_idx", false),
                new Dropout(
                        j.probability("resid_pdrop", 0.1),
                        j.probability("embd_pdrop", 0.1),
                        j.probability("attn_pdrop", 0.1)),
                j.flag("tie_word_embeddings", true),
                j.number("initializer_range", 0.02),
                j.ids("bos_token_id"),
                j.ids("eos_token_id"));
    }

    /** What a feed-forward layer has between its halves. */
    public Unary function() {
        return function(activation).orElseThrow();
    }

    private static Optional<Unary> function(String name) {
        return switch (name) {
            case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Optional.of(Unary.GELU_TANH);
            case "gelu", "gelu_python" -> Optional.of(Unary.GELU);
            case "relu" -> Optional.of(Unary.RELU);
            case "silu", "swish" -> Optional.of(Unary.SILU);
            case "tanh" -> Optional.of(Unary.TANH);
            default -> Optional.empty();
        };
    }

    /** What would silently change the results. */
    private static void refuse(ConfigJson j) {
        String activation = j.text("activation_function", "gelu_new");
        if (function(activation).isEmpty()) {
            throw j.fail(
                    "activation_function",
                    "a supported one (gelu_new, gelu_pytorch_tanh, gelu_fast, gelu, relu, silu,"
                            + " tanh)",
                    '"' + activation + '"');
        }
        if (j.flag("add_cross_attention", false)) {
            throw j.fail(
                    "add_cross_attention", "false, a decoder on its own", "true, half of a pair");
        }
    }

    @Override
    public String modelType() {
        return MODEL_TYPE;
    }

    /** Width of a head. */
    public int headDim() {
        return hiddenSize / heads;
    }

    /** What the scores of one layer, counted from 0, are multiplied by. */
    public double scale(int layer) {
        double byWidth = isScaled ? 1 / Math.sqrt(headDim()) : 1;
        return isScaledByLayer ? byWidth / (layer + 1) : byWidth;
    }

    @Override
    public List<String> trainingNotes() {
        return DropoutNote.of(
                "resid_pdrop " + dropout.residual() + ", embd_pdrop " + dropout.embedding(),
                Math.max(dropout.residual(), dropout.embedding()),
                "attn_pdrop",
                dropout.attention());
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode j = JsonNodeFactory.instance.objectNode();
        j.putArray("architectures").add("GPT2LMHeadModel");
        j.put("model_type", MODEL_TYPE);
        j.put("vocab_size", vocabularySize);
        j.put("n_positions", maxPositions);
        j.put("n_embd", hiddenSize);
        j.put("n_inner", innerSize);
        j.put("n_layer", layers);
        j.put("n_head", heads);
        j.put("activation_function", activation);
        j.put("layer_norm_epsilon", eps);
        j.put("scale_attn_weights", isScaled);
        j.put("scale_attn_by_inverse_layer_idx", isScaledByLayer);
        j.put("resid_pdrop", dropout.residual());
        j.put("embd_pdrop", dropout.embedding());
        j.put("attn_pdrop", dropout.attention());
        j.put("tie_word_embeddings", isTied);
        j.put("initializer_range", initializerRange);
        ConfigJson.putIds(j, "bos_token_id", beginIds);
        ConfigJson.putIds(j, "eos_token_id", endIds);
        return j;
    }
}
