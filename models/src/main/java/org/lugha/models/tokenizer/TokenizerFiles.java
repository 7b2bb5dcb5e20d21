package org.lugha.models.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The files of a tokenizer as they are on disk, by name; tokenizer.json is always there. */
record TokenizerFiles(Map<String, byte[]> content) {
    static final String TOKENIZER = "tokenizer.json";
    static final String CONFIG = "tokenizer_config.json";
    static final String SPECIAL = "special_tokens_map.json";
    private static final String CHAT = "chat_template.jinja";

    static TokenizerFiles read(Path path) {
        boolean folder = Files.isDirectory(path);
        Path json = folder ? path.resolve(TOKENIZER) : path;
        Map<String, byte[]> content = new LinkedHashMap<>();
        try {
            content.put(TOKENIZER, Files.readAllBytes(json));
            for (String name : List.of(CONFIG, SPECIAL, CHAT)) {
                Path beside = json.resolveSibling(name);
                if (Files.isRegularFile(beside)) {
                    content.put(name, Files.readAllBytes(beside));
                }
            }
        } catch (NoSuchFileException e) {
            throw new TokenizerException(
                    "cannot read %s: expected the file tokenizer.json, there is none; save the tokenizer with transformers to make it"
                            .formatted(path),
                    e);
        } catch (IOException e) {
            throw new TokenizerException(
                    "cannot read %s: %s; check the path and its permissions"
                            .formatted(path, e.getMessage()),
                    e);
        }
        return new TokenizerFiles(content);
    }

    JsonNode tokenizer() {
        JsonNode json = json(TOKENIZER);
        if (!json.path("model").isObject()) {
            throw new TokenizerException(
                    "tokenizer.json: expected an object with the block 'model', got %s; is it a tokenizer of Hugging Face?"
                            .formatted(Json.brief(json)));
        }
        return json;
    }

    /** A file as JSON; missing where there is none. */
    JsonNode json(String name) {
        byte[] bytes = content.get(name);
        try {
            return bytes == null ? Json.MAPPER.missingNode() : Json.MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            throw new TokenizerException(
                    "%s: expected JSON: %s; is the file complete?"
                            .formatted(name, e.getOriginalMessage().lines().findFirst().orElse("")),
                    e);
        }
    }
}
