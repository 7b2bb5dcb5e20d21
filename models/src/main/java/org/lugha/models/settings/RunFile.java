package org.lugha.models.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.lugha.models.RequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads RUN.yaml (JSON is YAML): strict about keys, types and what this version cannot do. */
public final class RunFile {
    private static final long LARGEST = 1_000_000;

    private static final YAMLMapper YAML =
            YAMLMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private RunFile() {}

    /** Reads a file, then applies {@code key.path=value} settings, whose values are YAML. */
    public static RunConfig read(Path file, List<String> settings) {
        JsonNode tree;
        try {
            if (Files.exists(file) && Files.size(file) > LARGEST) {
                throw new RequestException(
                        file + ": has more than " + LARGEST + " bytes; is it a RUN.yaml?");
            }
            String text = Files.readString(file);
            tree = YAML.readTree(text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException e) {
            throw new RequestException(file + ": is not valid UTF-8; convert the file to UTF-8", e);
        } catch (IOException e) {
            throw new RequestException(
                    file
                            + ": cannot be read ("
                            + (Files.exists(file) ? e.getMessage() : "no such file")
                            + "); give the path of a RUN.yaml",
                    e);
        } catch (JacksonException e) {
            throw new RequestException(file + ": is not valid YAML: " + brief(e), e);
        }
        if (!tree.isObject()) {
            throw new RequestException(
                    file + ": must be a mapping of keys to values, such as model, data and steps");
        }
        for (String s : settings) {
            set((ObjectNode) tree, s);
        }
        return parse(tree, file.toString());
    }

    /** Reads a tree; {@code source} names it in messages. */
    public static RunConfig parse(JsonNode tree, String source) {
        return new RunParser(tree, source).parse();
    }

    private static void set(ObjectNode tree, String setting) {
        int eq = setting.indexOf('=');
        if (eq <= 0) {
            throw new RequestException("--set " + setting + ": write it as key.path=value");
        }
        JsonNode value;
        try {
            JsonNode read = YAML.readTree(setting.substring(eq + 1));
            value = read.isMissingNode() ? JsonNodeFactory.instance.nullNode() : read;
        } catch (JacksonException e) {
            throw new RequestException("--set " + setting + ": the value is not valid YAML", e);
        }
        String[] keys = setting.substring(0, eq).split("\\.", -1);
        JsonNode at = tree;
        for (int i = 0; i < keys.length - 1; i++) {
            at = below(at, keys[i], setting);
        }
        String last = keys[keys.length - 1];
        switch (at) {
            case ObjectNode o -> o.set(last, value);
            case ArrayNode a -> a.set(index(a, last, setting), value);
            default -> throw new RequestException("--set " + setting + ": " + at + " has no keys");
        }
    }

    private static JsonNode below(JsonNode at, String key, String setting) {
        if (at instanceof ArrayNode a) {
            return a.get(index(a, key, setting));
        }
        if (!(at instanceof ObjectNode o)) {
            throw new RequestException("--set " + setting + ": " + at + " has no keys");
        }
        JsonNode next = o.get(key);
        return next == null || next.isNull() ? o.putObject(key) : next;
    }

    private static int index(ArrayNode a, String key, String setting) {
        if (key.matches("\\d{1,6}") && Integer.parseInt(key) < a.size()) {
            return Integer.parseInt(key);
        }
        throw new RequestException(
                "--set " + setting + ": '" + key + "' must be an index below " + a.size());
    }

    private static String brief(JacksonException e) {
        String first = e.getOriginalMessage().lines().findFirst().orElse("");
        return e.getLocation() == null
                ? first
                : first
                        + " at line "
                        + e.getLocation().getLineNr()
                        + ", column "
                        + e.getLocation().getColumnNr();
    }
}
