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
        if (value.isBoolean()) {
            return value.booleanValue();
        }
        if (value.isNull() || value.isMissingNode()) {
            return otherwise;
        }
        throw expected(key, "true or false", block, value);
    }

    static boolean needFlag(JsonNode block, String key) {
        JsonNode value = block.path(key);
        if (!value.isBoolean()) {
            throw expected(key, "true or false", block, value);
        }
        return value.booleanValue();
    }

    static String text(JsonNode block, String key) {
        JsonNode value = block.path(key);
        if (!value.isString()) {
            throw expected(key, "text", block, value);
        }
        return value.stringValue();
    }

    /** Text where there is any, or null. */
    static String optionalText(JsonNode block, String key) {
        JsonNode value = block.path(key);
        return value.isNull() || value.isMissingNode() ? null : text(block, key);
    }

    /** A whole number from 0, as ids and counts are. */
    static int number(JsonNode block, String key) {
        JsonNode value = block.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw expected(key, "a whole number from 0 to 2147483647", block, value);
        }
        return value.intValue();
    }

    static int count(JsonNode block, String key, int otherwise) {
        JsonNode value = block.path(key);
        int n = value.isNull() || value.isMissingNode() ? otherwise : number(block, key);
        if (n < 1) {
            throw expected(key, "a number from 1", block, value);
        }
        return n;
    }

    static JsonNode list(JsonNode block, String key) {
        JsonNode value = block.path(key);
        if (!value.isArray()) {
            throw expected(key, "a list", block, value);
        }
        return value;
    }

    /** The type of a block, where one is given. */
    static String type(JsonNode block) {
        return text(block, "type");
    }

    static TokenizerException expected(String key, String what, JsonNode block, JsonNode value) {
        return new TokenizerException(
                "tokenizer.json: expected %s as %s in %s, got %s; is the file complete?"
                        .formatted(key, what, brief(block), brief(value)));
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
