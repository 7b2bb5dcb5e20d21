package org.lugha.models.corpus;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What of a line is compared with other lines: its {@code text}; {@code src} and {@code tgt}, each;
 * {@code prompt} and {@code completion} as one, as what {@code messages} or {@code segments} say;
 * {@code input_ids}, each a word. Used again for the next line.
 */
final class Compared {
    private final Words[] parts = {new Words(), new Words()};
    private final String[] names = new String[2];
    private int size;

    /** Parts without a letter or digit are left out. */
    void read(JsonNode line) {
        size = 0;
        if (line.has("src") || line.has("tgt")) {
            part("src", line.path("src"));
            part("tgt", line.path("tgt"));
        } else if (line.has("completion")) {
            part("prompt and completion", line.path("prompt"), line.path("completion"));
        } else if (line.has("messages")) {
            list("messages", line.path("messages"), "content");
        } else if (line.has("segments")) {
            list("segments", line.path("segments"), "text");
        } else if (line.has("text")) {
            part("text", line.path("text"));
        } else {
            ids(line.path("input_ids"));
        }
    }

    int size() {
        return size;
    }

    Words part(int i) {
        return parts[i];
    }

    String name(int i) {
        return names[i];
    }

    private void part(String name, JsonNode... texts) {
        Words words = begin(name);
        for (JsonNode text : texts) {
            words.add(text.asString(""));
            for (JsonNode message : text.isArray() ? text : MissingNode.getInstance()) {
                words.add(message.path("content").asString(""));
            }
        }
        end(words);
    }

    private void list(String name, JsonNode items, String key) {
        Words words = begin(name);
        for (JsonNode item : items) {
            words.add(item.path(key).asString(""));
        }
        end(words);
    }

    private void ids(JsonNode ids) {
        Words words = begin("input_ids");
        for (JsonNode id : ids) {
            words.add(id.asInt(0));
        }
        end(words);
    }

    private Words begin(String name) {
        names[size] = name;
        parts[size].clear();
        return parts[size];
    }

    private void end(Words words) {
        size += words.all() == 0 ? 0 : 1;
    }
}
