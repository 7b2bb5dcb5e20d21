package org.lugha.models.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.lugha.models.RequestException;
import tools.jackson.databind.JsonNode;

/**
 * The lines of a data file as JSON objects: {@code .jsonl} as it is; {@code .txt} gives {@code
 * {"text"}} a line; the first line of a {@code .tsv} names the keys of its columns. Blank lines are
 * skipped; everything wrong names file and line.
 */
public final class ExampleFile implements AutoCloseable, Iterator<ExampleFile.Line> {
    /** One object and where it stands, counted from 1. */
    public record Line(JsonNode value, Path file, long number) {
        /** Text under a key. */
        public String text(String key) {
            JsonNode v = value.get(key);
            if (v == null || !v.isString()) {
                throw wrong("needs \"" + key + "\" as text" + (v == null ? "" : ", got " + v));
            }
            return v.stringValue();
        }

        /** Whole numbers under a key. */
        public int[] integers(String key) {
            JsonNode v = value.get(key);
            if (v == null || !v.isArray()) {
                throw wrong("needs \"" + key + "\" as a list of whole numbers");
            }
            int[] out = new int[v.size()];
            for (int i = 0; i < out.length; i++) {
                if (!v.get(i).isIntegralNumber() || !v.get(i).canConvertToInt()) {
                    throw wrong(
                            "\"" + key + "\"[" + i + "] must be a whole number, got " + v.get(i));
                }
                out[i] = v.get(i).intValue();
            }
            return out;
        }

        /** Refuses ids that a model has no embedding for. */
        public void requireIds(Example e, int vocabulary) {
            require("input_ids", e.ids(), vocabulary, 0);
            require("labels", e.labels(), vocabulary, Example.NOT_COUNTED);
        }

        private void require(String key, int[] ids, int vocabulary, int allowed) {
            for (int id : ids) {
                if ((id < 0 || id >= vocabulary) && id != allowed) {
                    throw wrong(
                            key
                                    + " holds "
                                    + id
                                    + ", but the model's vocabulary has "
                                    + vocabulary
                                    + " entries (0 to "
                                    + (vocabulary - 1)
                                    + "); use the tokenizer the model was made with");
                }
            }
        }

        public RequestException wrong(String what) {
            return new RequestException(file + ":" + number + ": " + what);
        }
    }

    private final Path file;
    private final ByteLines lines;
    private final Rows rows;
    private Line next;

    public ExampleFile(Path file) {
        this.file = file;
        this.lines = new ByteLines(file);
        this.rows = new Rows(file);
        if (rows.hasHeader() && lines.next()) {
            rows.header(lines.text());
        }
        next = read();
    }

    static InputStream open(Path file) {
        if (!Files.isRegularFile(file) && !Files.isReadable(file) || Files.isDirectory(file)) {
            throw unreadable(file, Files.exists(file) ? "not a file" : "no such file", null);
        }
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw unreadable(file, e.getMessage(), e);
        }
    }

    /** Every line of a file. */
    public static List<Line> all(Path file) {
        List<Line> lines = new ArrayList<>();
        try (var f = new ExampleFile(file)) {
            f.forEachRemaining(lines::add);
        }
        return lines;
    }

    /** As {@link #all}; a file without any is refused. */
    public static List<Line> some(Path file) {
        List<Line> lines = all(file);
        if (lines.isEmpty()) {
            throw empty(file);
        }
        return lines;
    }

    static RequestException empty(Path file) {
        return new RequestException(file + ": is empty; it needs at least one example");
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public Line next() {
        if (next == null) {
            throw new NoSuchElementException(file + " has no more lines");
        }
        Line current = next;
        next = read();
        return current;
    }

    /** How much of the file has been read. */
    public long bytesRead() {
        return lines.position();
    }

    @Override
    public void close() {
        lines.close();
    }

    private Line read() {
        while (lines.next()) {
            String s = lines.text();
            if (!s.isBlank()) {
                return new Line(rows.read(s, lines.number()), file, lines.number());
            }
        }
        return null;
    }

    private static RequestException unreadable(Path file, String why, IOException cause) {
        return new RequestException(
                file
                        + ": cannot be read ("
                        + why
                        + "); give the path of a .jsonl, .tsv or .txt file",
                cause);
    }
}
