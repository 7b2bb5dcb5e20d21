package org.lugha.models.chat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import tools.jackson.databind.JsonNode;

/**
 * Where a model's folder keeps its template: {@code chat_template.jinja}, or {@code chat_template}
 * in tokenizer_config.json, as text or as a list of named ones.
 */
public final class ChatTemplateFiles {
    private static final String CONFIG = "tokenizer_config.json";
    private static final long LARGEST = 1_000_000;
    private static final String CHAT_ML =
            """
            {%- for message in messages -%}
            {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\n' -}}{%- endif -%}
            """;

    private ChatTemplateFiles() {}

    /** The template of this folder, if it has one; of several the one named {@code default}. */
    public static Optional<ChatTemplate> find(Path folder) {
        Path config = folder.resolve(CONFIG);
        Optional<ConfigJson> json =
                Files.isRegularFile(config)
                        ? Optional.of(ConfigJson.read(config))
                        : Optional.empty();
        Optional<String> source =
                file(folder.resolve("chat_template.jinja"))
                        .or(() -> json.flatMap(ChatTemplateFiles::inside));
        return source.map(
                s -> new ChatTemplate(s, json.map(ChatTemplateFiles::tokens).orElse(Map.of())));
    }

    /**
     * A template of a file of its own.
     *
     * @param folder whose special tokens it sees
     */
    public static ChatTemplate read(Path file, Path folder) {
        String source =
                file(file)
                        .orElseThrow(() ->
                                new RequestException(
                                        file
                                                + ": no such file; name a chat template in Jinja,"
                                                + " or chatml"));
        return of(source, folder);
    }

    /** ChatML: every message between {@code <|im_start|>} and {@code <|im_end|>}. */
    public static ChatTemplate chatMl(Path folder) {
        return of(CHAT_ML, folder);
    }

    private static ChatTemplate of(String source, Path folder) {
        Path config = folder.resolve(CONFIG);
        Map<String, String> tokens =
                Files.isRegularFile(config) ? tokens(ConfigJson.read(config)) : Map.of();
        return new ChatTemplate(source, tokens);
    }

    private static Optional<String> file(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            if (Files.size(file) > LARGEST) {
                throw new RequestException(
                        String.format(
                                Locale.ROOT,
                                "cannot read %s: expected at most %d bytes, got %d; is it a chat template?",
                                file,
                                LARGEST,
                                Files.size(file)));
            }
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            throw new RequestException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Optional<String> inside(ConfigJson config) {
        JsonNode found = config.get("chat_template").orElse(null);
        if (found == null) {
            return Optional.empty();
        }
        if (found.isArray()) {
            for (JsonNode named : found) {
                if (named.path("name").stringValue("").equals("default")) {
                    found = named.path("template");
                }
            }
        }
        if (!found.isString()) {
            throw config.fail(
                    "chat_template",
                    "text, or a list with one named default",
                    found.getNodeType().name());
        }
        return Optional.of(found.stringValue());
    }

    /** Every {@code *_token} that is text or has a content. */
    private static Map<String, String> tokens(ConfigJson config) {
        Map<String, String> all = new LinkedHashMap<>();
        config.root()
                .forEachEntry((key, value) -> {
                    JsonNode content = value.isObject() ? value.path("content") : value;
                    if (key.endsWith("_token") && content.isString()) {
                        all.put(key, content.stringValue());
                    }
                });
        return all;
    }
}
