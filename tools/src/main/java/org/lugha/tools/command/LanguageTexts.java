package org.lugha.tools.command;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.tokenizer.Fertility;
import org.lugha.models.tokenizer.Tokenizer;
import tools.jackson.databind.JsonNode;

/** Counts the texts of data files by their language. */
final class LanguageTexts {
    private final Tokenizer tokenizer;
    private final SequencedMap<String, Fertility> byLanguage = new LinkedHashMap<>();

    LanguageTexts(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    SequencedMap<String, Fertility> byLanguage() {
        return Collections.unmodifiableSequencedMap(byLanguage);
    }

    /** Null for a language means that the rows say it, or else the file's name does. */
    void read(String language, Path file) {
        try (ExampleFile lines = new ExampleFile(file)) {
            while (lines.hasNext()) {
                ExampleFile.Line line = lines.next();
                if (!read(language, line)) {
                    throw line.wrong("has no text; it needs text, or src and tgt");
                }
            }
        }
    }

    private boolean read(String language, ExampleFile.Line line) {
        boolean pair = line.value().has("src") && line.value().has("tgt");
        if (pair) {
            add(language, line, "src_lang", line.text("src"));
            add(language, line, "tgt_lang", line.text("tgt"));
        }
        boolean text = line.value().has("text");
        if (text) {
            add(language, line, "language", line.text("text"));
        }
        for (String key : new String[] {"prompt", "completion"}) {
            if (line.value().has(key)) {
                add(language, line, "language", line.text(key));
                text = true;
            }
        }
        return pair || text;
    }

    private void add(String language, ExampleFile.Line line, String key, String text) {
        String name = language;
        if (name == null) {
            JsonNode own = line.value().path(key);
            String file = line.file().getFileName().toString();
            int dot = file.indexOf('.');
            name = own.asString(dot > 0 ? file.substring(0, dot) : file);
        }
        byLanguage.computeIfAbsent(name, _ -> new Fertility(tokenizer)).add(text);
    }
}
