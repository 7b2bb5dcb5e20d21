package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A token that is looked for in the text before the model: {@code singleWord} wants no word
 * character beside it, {@code leftStrip} and {@code rightStrip} take the white space beside it
 * along, {@code normalized} looks in the text after the normalizer.
 */
record AddedToken(
        int id,
        String content,
        boolean singleWord,
        boolean leftStrip,
        boolean rightStrip,
        boolean normalized,
        boolean special) {

    static List<AddedToken> parse(JsonNode list) {
        List<AddedToken> tokens = new ArrayList<>();
        list.forEach(t -> {
            boolean special = Json.flag(t, "special", false);
            tokens.add(
                    new AddedToken(
                            Json.number(t, "id"),
                            Json.text(t, "content"),
                            Json.flag(t, "single_word", false),
                            Json.flag(t, "lstrip", false),
                            Json.flag(t, "rstrip", false),
                            Json.flag(t, "normalized", !special),
                            special));
        });
        return tokens;
    }
}
