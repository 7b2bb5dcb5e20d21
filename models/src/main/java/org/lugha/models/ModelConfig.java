package org.lugha.models;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What every family's configuration tells; a record of its {@code config.json}. */
public interface ModelConfig {
    /** {@code model_type} of {@code config.json}. */
    String modelType();

    int vocabularySize();

    /** The longest row it was made for. */
    int maxPositions();

    /** Whether input and output embeddings are one parameter. */
    boolean isTied();

    /** Tokens that end a text; possibly none. */
    List<Integer> endIds();

    /**
     * Whether narrow weights give other numbers than the same weights widened, beyond the order of
     * sums: constants that are rounded to the weights' type.
     */
    default boolean roundsToWeights() {
        return false;
    }

    /** What somebody who trains it should know of it, one line each; mostly nothing. */
    default List<String> trainingNotes() {
        return List.of();
    }

    /** As {@code config.json}, in a spelling that old and new readers understand. */
    ObjectNode toJson();
}
