package org.lugha.models.train;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * All text of a data file, whatever its format: the values of {@code text}, {@code prompt} and
 * {@code completion}, {@code src} and {@code tgt}, and what {@code messages} say, each a text of
 * its own. The file is read line by line and never held.
 */
public final class TextFile {
    private static final List<String> KEYS = List.of("text", "prompt", "completion", "src", "tgt");

    private TextFile() {}

    /** Hands on the texts in their order; a file without any is refused. */
    public static void forEach(Path file, Consumer<String> texts) {
        try (ExampleFile lines = new ExampleFile(file)) {
            if (!lines.hasNext()) {
                throw ExampleFile.empty(file);
            }
            lines.forEachRemaining(line -> forEach(line, texts));
        }
    }

    private static void forEach(ExampleFile.Line line, Consumer<String> texts) {
        boolean any = false;
        for (String key : KEYS) {
            if (line.value().has(key)) {
                texts.accept(line.text(key));
                any = true;
            }
        }
        if (line.value().path("messages").isArray()) {
            for (JsonNode message : line.value().path("messages")) {
                if (message.path("content").isString()) {
                    texts.accept(message.path("content").stringValue());
                    any = true;
                }
            }
        }
        if (!any) {
            throw line.wrong("has no text; it needs one of " + String.join(", ", KEYS));
        }
    }
}
