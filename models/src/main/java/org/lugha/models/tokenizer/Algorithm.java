package org.lugha.models.tokenizer;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What makes tokens of a piece of text: the block {@code model} of tokenizer.json. */
sealed interface Algorithm permits Bpe {

    /** The tokens of a piece: ids, and where each ends in the piece's chars. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tokens(int[] ids, int[] ends) {}

    Tokens tokenize(String piece);

    /** The vocabulary without the tokens that were added to it. */
    Map<String, Integer> vocab();

    static Algorithm parse(JsonNode block) {
        String type =
                block.has("type")
                        ? Json.type(block)
                        : block.has("merges") ? "BPE" : Json.brief(block);
        if (!type.equals("BPE")) {
            throw Json.unsupported("model type", type);
        }
        return Bpe.parse(block);
    }
}
