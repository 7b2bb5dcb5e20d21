package org.lugha.models.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.lugha.models.RequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The lines of a data file as JSON objects: {@code .jsonl} as it is; {@code .txt} gives {@code
 * {"text"}} a line; the first line of a {@code .tsv} names the keys of its columns. Blank lines are
 * skipped; everything wrong names file and line.
 */
public final class ExampleFile implements AutoCloseable, Iterator<ExampleFile.Line> {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

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
    private final BufferedInputStream in;
    private final String[] columns;
    private long number;
    private long bytes;
    private Line next;

    public ExampleFile(Path file) {
        this.file = file;
        this.in = open(file);
        boolean tsv = file.toString().endsWith(".tsv");
        String header = tsv ? line() : null;
        columns = header == null ? new String[0] : header.split("\t", -1);
        if (new HashSet<>(Arrays.asList(columns)).size() < columns.length) {
            throw new RequestException(file + ":1: two columns have the same name; rename one");
        }
        next = read();
    }

    static BufferedInputStream open(Path file) {
        if (!Files.isRegularFile(file) && !Files.isReadable(file) || Files.isDirectory(file)) {
            throw unreadable(file, Files.exists(file) ? "not a file" : "no such file", null);
        }
        try {
            return new BufferedInputStream(Files.newInputStream(file), 1 << 16);
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
        return bytes;
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be closed: " + e.getMessage(), e);
        }
    }

    private Line read() {
        String s = line();
        while (s != null && s.isBlank()) {
            s = line();
        }
        return s == null ? null : new Line(object(s), file, number);
    }

    private JsonNode object(String s) {
        if (file.toString().endsWith(".txt")) {
            return JSON.createObjectNode().put("text", s);
        }
        if (columns.length > 0) {
            String[] cells = s.split("\t", -1);
            if (cells.length != columns.length) {
                throw new RequestException(
                        file
                                + ":"
                                + number
                                + ": needs "
                                + columns.length
                                + " columns as its first line, got "
                                + cells.length);
            }
            ObjectNode o = JSON.createObjectNode();
            for (int i = 0; i < cells.length; i++) {
                o.put(columns[i], cells[i]);
            }
            return o;
        }
        try {
            JsonNode v = JSON.readTree(s);
            if (!v.isObject()) {
                throw new RequestException(
                        file + ":" + number + ": needs a JSON object a line, got " + cut(s));
            }
            return v;
        } catch (JacksonException e) {
            throw new RequestException(
                    file
                            + ":"
                            + number
                            + ": is not valid JSON ("
                            + e.getOriginalMessage().lines().findFirst().orElse("")
                            + "): "
                            + cut(s),
                    e);
        }
    }

    /** Bytes to the next line feed, decoded alone, so that what is wrong has its line's number. */
    private String line() {
        try {
            number++;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int b = in.read();
            if (b < 0) {
                return null;
            }
            for (; b >= 0 && b != '\n'; b = in.read()) {
                bytes.write(b);
            }
            this.bytes += bytes.size() + 1;
            String s = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
            s = s.endsWith("\r") ? s.substring(0, s.length() - 1) : s;
            return number == 1 && s.startsWith("\uFEFF") ? s.substring(1) : s;
        } catch (CharacterCodingException e) {
            throw new RequestException(
                    file + ":" + number + ": is not valid UTF-8; convert the file to UTF-8", e);
        } catch (IOException e) {
            throw new RequestException(file + ":" + number + ": " + e.getMessage(), e);
        }
    }

    private static RequestException unreadable(Path file, String why, IOException cause) {
        return new RequestException(
                file
                        + ": cannot be read ("
                        + why
                        + "); give the path of a .jsonl, .tsv or .txt file",
                cause);
    }

    private static String cut(String s) {
        return s.length() <= 60 ? s : s.substring(0, 60) + "...";
    }
}
