package org.lugha.models.decoder;

import java.util.List;
import org.lugha.models.ModelConfig;
import org.lugha.models.layers.DropoutNote;
import org.lugha.runtime.spi.Unary;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A rotary decoder as its family's {@code config.json} describes it; what is said here is Llama's,
 * and a family says what it has otherwise.
 */
public interface DecoderConfig extends ModelConfig {
    DecoderSizes sizes();

    /** How a layer turns queries and keys. */
    Rope rope(int layer);

    /** Keys that a query of a layer sees, its own among them; 0: all before it. */
    default int window(int layer) {
        return 0;
    }

    /** Whether queries, keys and values have biases. */
    default boolean hasInputBias() {
        return false;
    }

    /** Whether attention's output layer has a bias. */
    default boolean hasOutputBias() {
        return false;
    }

    /** Whether the feed-forward layers have biases. */
    default boolean hasMlpBias() {
        return false;
    }

    /** Whether queries and keys pass through a norm, head by head, before they are turned. */
    default boolean hasHeadNorms() {
        return false;
    }

    /** Whether there are norms behind attention and feed-forward too. */
    default boolean hasOuterNorms() {
        return false;
    }

    /** 1 where norms' weights are kept as what they differ from 1 by. */
    default double normOffset() {
        return 0;
    }

    /** What embeddings are multiplied by. */
    default double embeddingScale() {
        return 1;
    }

    /** What scores are multiplied by. */
    default double scoreScale() {
        return 1 / Math.sqrt(sizes().headDim());
    }

    /** A bound of the scores; 0: none. */
    default double scoreSoftCap() {
        return 0;
    }

    /** A bound of the logits; 0: none. */
    default double logitSoftCap() {
        return 0;
    }

    /** Of the feed-forward layers' gates. */
    default Unary activation() {
        return Unary.SILU;
    }

    @Override
    default List<String> trainingNotes() {
        return DropoutNote.of("", 0, "attention_dropout", sizes().attentionDropout());
    }

    @Override
    default int vocabularySize() {
        return sizes().vocabularySize();
    }

    @Override
    default int maxPositions() {
        return sizes().maxPositions();
    }

    @Override
    default boolean isTied() {
        return sizes().isTied();
    }

    @Override
    default List<Integer> endIds() {
        return sizes().endIds();
    }

    /**
     * The beginning of {@link #toJson}: what all families write, with rotary positions in the older
     * spelling, which every reader understands.
     *
     * @param architecture transformers' class
     */
    default ObjectNode json(String architecture) {
        ObjectNode j = JsonNodeFactory.instance.objectNode();
        j.putArray("architectures").add(architecture);
        j.put("model_type", modelType());
        sizes().write(j);
        rope(0).write(j);
        return j;
    }
}
