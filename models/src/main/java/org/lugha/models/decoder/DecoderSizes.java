package org.lugha.models.decoder;

import java.util.List;
import org.lugha.models.ConfigJson;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys of {@code config.json} that all these families have.
 *
 * @param vocabularySize {@code vocab_size}
 * @param hiddenSize {@code hidden_size}
 * @param intermediateSize {@code intermediate_size}
 * @param layers {@code num_hidden_layers}
 * @param heads {@code num_attention_heads}
 * @param keyHeads {@code num_key_value_heads}; as many as heads where null
 * @param headDim {@code head_dim}
 * @param maxPositions {@code max_position_embeddings}
 * @param rmsNormEps {@code rms_norm_eps}
 * @param isTied {@code tie_word_embeddings}
 * @param attentionDropout {@code attention_dropout}, of attention's probabilities in training
 * @param initializerRange {@code initializer_range}
 * @param beginIds {@code bos_token_id}, at most one
 * @param endIds {@code eos_token_id}
 */
public record DecoderSizes(
        int vocabularySize,
        int hiddenSize,
        int intermediateSize,
        int layers,
        int heads,
        int keyHeads,
        int headDim,
        int maxPositions,
        double rmsNormEps,
        boolean isTied,
        double attentionDropout,
        double initializerRange,
        List<Integer> beginIds,
        List<Integer> endIds) {
    /** Far wider than a head is. */
    private static final int WIDEST = 1 << 16;

    /**
     * What transformers' configuration class of a family has for keys left out. Everything not
     * named here is the same in all of them.
     *
     * @param keyHeads 0: as many as heads
     * @param headDim 0: hidden size over heads
     * @param begin id, or -1 for none
     * @param end likewise
     */
    public record Defaults(
            int vocabularySize,
            int hiddenSize,
            int intermediateSize,
            int layers,
            int heads,
            int keyHeads,
            int headDim,
            int maxPositions,
            boolean isTied,
            int begin,
            int end) {}

    /** Reads and checks them. */
    public static DecoderSizes of(ConfigJson j, Defaults d) {
        int hidden = j.size("hidden_size", d.hiddenSize());
        int heads = j.size("num_attention_heads", d.heads());
        int keyHeads = heads;
        if (!j.isNull("num_key_value_heads")) {
            keyHeads = j.size("num_key_value_heads", d.keyHeads() == 0 ? heads : d.keyHeads());
        }
        int own = d.headDim() == 0 ? Math.max(1, hidden / heads) : d.headDim();
        int headDim = j.size("head_dim", own);
        check(j, hidden, heads, keyHeads, headDim, d.headDim() == 0);
        return new DecoderSizes(
                j.size("vocab_size", d.vocabularySize()),
                hidden,
                j.size("intermediate_size", d.intermediateSize()),
                j.size("num_hidden_layers", d.layers()),
                heads,
                keyHeads,
                headDim,
                j.size("max_position_embeddings", d.maxPositions()),
                j.fromZero("rms_norm_eps", 1e-6),
                j.flag("tie_word_embeddings", d.isTied()),
                j.probability("attention_dropout", 0),
                j.number("initializer_range", 0.02),
                ids(j, "bos_token_id", d.begin()),
                ids(j, "eos_token_id", d.end()));
    }

    private static void check(
            ConfigJson j, int hidden, int heads, int keyHeads, int headDim, boolean isDerived) {
        if (heads % keyHeads != 0) {
            throw j.fail(
                    "num_key_value_heads",
                    "a divisor of num_attention_heads " + heads,
                    "" + keyHeads);
        }
        boolean fits = !isDerived || j.get("head_dim").isPresent() || hidden % heads == 0;
        if (headDim % 2 != 0 || !fits) {
            throw j.fail(
                    j.get("head_dim").isPresent() ? "head_dim" : "hidden_size",
                    "heads of an even width (num_attention_heads " + heads + ")",
                    "" + (j.get("head_dim").isPresent() ? headDim : hidden));
        }
        if (headDim > WIDEST || (long) heads * headDim > Integer.MAX_VALUE) {
            throw j.fail("head_dim", "heads of sizes that can be", heads + " of " + headDim);
        }
    }

    private static List<Integer> ids(ConfigJson j, String key, int otherwise) {
        return j.root().has(key) || otherwise < 0 ? j.ids(key) : List.of(otherwise);
    }

    /** Writes them, as every reader understands them. */
    void write(ObjectNode j) {
        j.put("vocab_size", vocabularySize);
        j.put("hidden_size", hiddenSize);
        j.put("intermediate_size", intermediateSize);
        j.put("num_hidden_layers", layers);
        j.put("num_attention_heads", heads);
        j.put("num_key_value_heads", keyHeads);
        j.put("head_dim", headDim);
        j.put("max_position_embeddings", maxPositions);
        j.put("rms_norm_eps", rmsNormEps);
        j.put("tie_word_embeddings", isTied);
        j.put("attention_dropout", attentionDropout);
        j.put("initializer_range", initializerRange);
        ConfigJson.putIds(j, "bos_token_id", beginIds);
        ConfigJson.putIds(j, "eos_token_id", endIds);
    }
}
