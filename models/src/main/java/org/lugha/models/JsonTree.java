package org.lugha.models;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * JSON text as a tree, token by token. A mapper would do the same, but making the first one takes
 * longer than all else about opening a checkpoint.
 */
final class JsonTree {
    private static final JsonFactory JSON = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser in;

    private JsonTree(JsonParser in) {
        this.in = in;
    }

    /**
     * The one value in the text; a missing node where there is none.
     *
     * @throws tools.jackson.core.JacksonException where it is not JSON or goes on after the value
     */
    static JsonNode read(String text) {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (in.nextToken() == null) {
                return NODES.missingNode();
            }
            JsonNode all = new JsonTree(in).node();
            return in.nextToken() == null ? all : NODES.missingNode();
        }
    }

    private JsonNode node() {
        return switch (in.currentToken()) {
            case START_OBJECT -> object();
            case START_ARRAY -> array();
            case VALUE_STRING -> NODES.stringNode(in.getString());
            case VALUE_NUMBER_INT -> integer();
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(in.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            default -> NODES.nullNode();
        };
    }

    private JsonNode integer() {
        return switch (in.getNumberType()) {
            case INT -> NODES.numberNode(in.getIntValue());
            case LONG -> NODES.numberNode(in.getLongValue());
            default -> NODES.numberNode(in.getBigIntegerValue());
        };
    }

    private ObjectNode object() {
        ObjectNode all = NODES.objectNode();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String key = in.currentName();
            in.nextToken();
            all.set(key, node());
        }
        return all;
    }

    private ArrayNode array() {
        ArrayNode all = NODES.arrayNode();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            all.add(node());
        }
        return all;
    }
}
