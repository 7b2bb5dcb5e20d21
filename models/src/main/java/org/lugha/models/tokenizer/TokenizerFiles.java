package org.lugha.models.tokenizer;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The files of a tokenizer as they are on disk, by name; tokenizer.json or a model of SentencePiece
 * is always there.
 */
record TokenizerFiles(Map<String, byte[]> content) {
    static final String TOKENIZER = "tokenizer.json";
    static final String CONFIG = "tokenizer_config.json";
    static final String SPECIAL = "special_tokens_map.json";
    private static final String CHAT = "chat_template.jinja";
    private static final String MODEL = ".model";
    private static final long LARGEST = 100_000_000;
    private static final List<String> MODELS =
            List.of("tokenizer.model", "spiece.model", "sentencepiece.bpe.model");

    static TokenizerFiles read(Path path) {
        Path main = Files.isDirectory(path) ? inFolder(path) : path;
        Map<String, byte[]> content = new LinkedHashMap<>();
        try {
            byte[] bytes = bytes(main);
            String name = main.getFileName().toString();
            content.put(isModel(name, bytes) ? modelName(name) : TOKENIZER, bytes);
            for (String beside : List.of(CONFIG, SPECIAL, CHAT)) {
                if (Files.isRegularFile(main.resolveSibling(beside))) {
                    content.put(beside, bytes(main.resolveSibling(beside)));
                }
            }
        } catch (NoSuchFileException e) {
            throw new TokenizerException(
                    "cannot read %s: expected the file tokenizer.json or tokenizer.model, there is none; save the tokenizer with transformers to make it"
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

    private static byte[] bytes(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) { // a folder, a pipe
            throw new FileSystemException(file.toString(), null, "not a file");
        }
        if (Files.exists(file) && Files.size(file) > LARGEST) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "cannot read %s: expected at most %d bytes, got %d; is it a tokenizer?",
                            file,
                            LARGEST,
                            Files.size(file)));
        }
        return Files.readAllBytes(file);
    }

    private static Path inFolder(Path folder) {
        Path json = folder.resolve(TOKENIZER);
        for (String name : MODELS) {
            if (!Files.exists(json) && Files.exists(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        return json;
    }

    /** A file that is given itself may have any name. */
    private static boolean isModel(String name, byte[] bytes) {
        return name.endsWith(MODEL)
                || (!name.endsWith(".json") && bytes.length > 0 && bytes[0] == 10);
    }

    private static String modelName(String name) {
        return name.endsWith(MODEL) ? name : MODELS.getFirst();
    }

    /** The name of the SentencePiece model, or null where tokenizer.json is the tokenizer. */
    String model() {
        return content.keySet().stream().filter(n -> n.endsWith(MODEL)).findFirst().orElse(null);
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
