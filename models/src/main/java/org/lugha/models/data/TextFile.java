package org.lugha.models.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.lugha.models.RequestException;
import tools.jackson.databind.JsonNode;

/**
 * All text of a data file, whatever its format: the lines of a {@code .txt}; else the values of
 * {@code text}, {@code prompt} and {@code completion}, {@code src} and {@code tgt}, and what {@code
 * messages} say, each a text of its own. The file is read line by line and never held; a line of
 * plain text of more than a mebibyte comes in pieces.
 */
public final class TextFile {
    private static final List<String> KEYS = List.of("text", "prompt", "completion", "src", "tgt");

    private TextFile() {}

    /** Hands on the texts in their order; a file without any is refused. */
    public static void forEach(Path file, Consumer<String> texts) {
        forEach(file, texts, _ -> {});
    }

    /** The same, and now and then how many bytes of the file have been read. */
    public static void forEach(Path file, Consumer<String> texts, LongConsumer read) {
        long[] seen = new long[1];
        Consumer<String> counted =
                text -> {
                    seen[0]++;
                    texts.accept(text);
                };
        if (file.toString().endsWith(".txt")) {
            lines(file, counted, read);
        } else {
            examples(file, counted, read);
        }
        if (seen[0] == 0) {
            throw ExampleFile.empty(file);
        }
    }

    private static void lines(Path file, Consumer<String> texts, LongConsumer read) {
        try (InputStream in = ExampleFile.open(file)) {
            TextLines lines = new TextLines(file, in);
            lines.forEach(texts, () -> read.accept(lines.position()));
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static void examples(Path file, Consumer<String> texts, LongConsumer read) {
        try (ExampleFile lines = new ExampleFile(file)) {
            while (lines.hasNext()) {
                example(lines.next(), texts);
                read.accept(lines.bytesRead());
            }
        }
    }

    private static void example(ExampleFile.Line line, Consumer<String> texts) {
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
            throw line.wrong(
                    "has no text; it needs one of " + String.join(", ", KEYS) + ", messages");
        }
    }
}
