package org.lugha.models.tokenizer;

import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How the blocks of tokenizer.json are read; a missing option and null are the same. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder(new JsonFactory()).build();

    private Json() {}

    static boolean flag(JsonNode block, String key, boolean otherwise) {
        JsonNode value = block.path(key);
        return value.isBoolean() ? value.booleanValue() : otherwise;
    }

    static String text(JsonNode block, String key) {
        JsonNode value = block.path(key);
        if (!value.isString()) {
            throw new TokenizerException(
                    "tokenizer.json: expected %s as text in %s, got %s; is the file complete?"
                            .formatted(key, brief(block), brief(value)));
        }
        return value.stringValue();
    }

    /** The type of a block, where one is given. */
    static String type(JsonNode block) {
        return text(block, "type");
    }

    static TokenizerException unsupported(String what, String name) {
        return new TokenizerException(
                "tokenizer.json: %s '%s' is not supported yet; use a tokenizer without it"
                        .formatted(what, name));
    }

    static String brief(JsonNode node) {
        if (node.isMissingNode()) {
            return "nothing";
        }
        String s = node.toString();
        return s.length() > 80 ? s.substring(0, 80) + "..." : s;
    }
}
