package org.lugha.models.corpus;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * One text of a line.
 *
 * @param key where it stands, such as {@code tgt} or {@code messages[2]}
 * @param language what the line says of its language; empty where it says nothing
 */
record Said(String key, String language, String text) {

    /** All texts of a line, whatever its format. */
    static List<Said> of(JsonNode line) {
        List<Said> all = new ArrayList<>(2);
        add(all, line, "text", "language");
        add(all, line, "prompt", "language");
        add(all, line, "completion", "language");
        add(all, line, "src", "src_lang");
        add(all, line, "tgt", "tgt_lang");
        list(all, line, "prompt", "content");
        list(all, line, "completion", "content");
        list(all, line, "messages", "content");
        list(all, line, "segments", "text");
        return all;
    }

    /** The format that a line is in, by its keys; text where none tells. */
    static String format(JsonNode line) {
        if (line.has("messages")) {
            return "chat";
        }
        if (line.has("segments")) {
            return "segments";
        }
        if (line.has("src") || line.has("tgt")) {
            return "translation";
        }
        if (line.has("completion") || line.has("prompt")) {
            return "completion";
        }
        return line.has("input_ids") && !line.has("text") ? "ids" : "text";
    }

    private static void add(List<Said> to, JsonNode line, String key, String language) {
        JsonNode v = line.get(key);
        if (v != null && v.isString()) {
            to.add(new Said(key, line.path(language).asString(""), v.stringValue()));
        }
    }

    private static void list(List<Said> to, JsonNode line, String key, String text) {
        JsonNode items = line.path(key);
        for (int i = 0; items.isArray() && i < items.size(); i++) {
            JsonNode v = items.get(i).path(text);
            if (v.isString()) {
                String language = line.path("language").asString("");
                to.add(new Said(key + "[" + i + "]", language, v.stringValue()));
            }
        }
    }
}
