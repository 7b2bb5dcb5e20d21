package org.lugha.models.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.lugha.models.RequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a line of a data file says, by the kind of file its name tells: {@code .jsonl} an object,
 * {@code .txt} {@code {"text"}}, {@code .tsv} the cells under the names of its first line.
 */
public final class Rows {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final Path file;
    private final Kind kind;
    private List<String> columns = List.of();

    /** How a line is written. */
    public enum Kind {
        JSON,
        TEXT,
        TABLE
    }

    public Rows(Path file) {
        this.file = file;
        String name = file.toString();
        kind = name.endsWith(".txt") ? Kind.TEXT : name.endsWith(".tsv") ? Kind.TABLE : Kind.JSON;
    }

    public Kind kind() {
        return kind;
    }

    /** Whether the first line names columns. */
    public boolean hasHeader() {
        return kind == Kind.TABLE;
    }

    /** The first line of a table. */
    public void header(String line) {
        columns = List.of(line.split("\t", -1));
        if (new HashSet<>(columns).size() < columns.size()) {
            throw new RequestException(file + ":1: two columns have the same name; rename one");
        }
    }

    /** Reads one line; what is wrong names file and line. */
    public JsonNode read(String s, long number) {
        return switch (kind) {
            case TEXT -> JSON.createObjectNode().put("text", s);
            case TABLE -> cells(s, number);
            case JSON -> object(s, number);
        };
    }

    private JsonNode cells(String s, long number) {
        List<String> cells = Arrays.asList(s.split("\t", -1));
        if (cells.size() != columns.size()) {
            throw wrong(
                    number,
                    "needs " + columns.size() + " columns as its first line, got " + cells.size());
        }
        ObjectNode o = JSON.createObjectNode();
        for (int i = 0; i < cells.size(); i++) {
            o.put(columns.get(i), cells.get(i));
        }
        return o;
    }

    private JsonNode object(String s, long number) {
        try {
            JsonNode v = JSON.readTree(s);
            if (!v.isObject()) {
                throw wrong(number, "needs a JSON object a line, got " + cut(s));
            }
            return v;
        } catch (JacksonException e) {
            String first = e.getOriginalMessage().lines().findFirst().orElse("");
            throw wrong(number, "is not valid JSON (" + first + "): " + cut(s), e);
        }
    }

    private RequestException wrong(long number, String what) {
        return new RequestException(file + ":" + number + ": " + what);
    }

    private RequestException wrong(long number, String what, Throwable cause) {
        return new RequestException(file + ":" + number + ": " + what, cause);
    }

    private static String cut(String s) {
        return s.length() <= 60 ? s : s.substring(0, 60) + "...";
    }
}
