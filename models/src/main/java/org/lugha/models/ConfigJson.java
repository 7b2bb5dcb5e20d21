package org.lugha.models;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object read key by key; every failure is one line that names the file and the key. A key
 * that is absent and one that is null are the same.
 *
 * @param source the file, as messages call it
 */
public record ConfigJson(String source, ObjectNode root) {
    private static final long LARGEST = 16_000_000;
    private static final int LONGEST = 200;

    /** Reads a file that holds one object. */
    public static ConfigJson read(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) { // a folder, a pipe
                throw new RequestException("cannot read " + file + ": expected a file");
            }
            if (Files.size(file) > LARGEST) {
                throw new RequestException(
                        String.format(
                                Locale.ROOT,
                                "cannot read %s: expected at most %d bytes, got %d; is it a configuration?",
                                file,
                                LARGEST,
                                Files.size(file)));
            }
            if (JsonTree.read(Files.readString(file)) instanceof ObjectNode o) {
                return new ConfigJson(file.toString(), o);
            }
            throw new RequestException("cannot read " + file + ": expected a JSON object");
        } catch (NoSuchFileException e) {
            throw new RequestException(
                    "cannot read " + file + ": there is no such file; give a folder that holds one",
                    e);
        } catch (CharacterCodingException e) {
            throw new RequestException(
                    "cannot read " + file + ": expected UTF-8, got bytes that are not", e);
        } catch (IOException e) {
            throw new RequestException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (JacksonException e) {
            throw new RequestException(
                    "cannot read "
                            + file
                            + ": expected JSON, got "
                            + (e.getLocation() == null
                                    ? "something else"
                                    : "something else at line " + e.getLocation().getLineNr()),
                    e);
        }
    }

    /**
     * The key under which a setting of several spellings is given: the first one that is there,
     * else the first.
     */
    public String spelled(String... keys) {
        for (String key : keys) {
            if (get(key).isPresent()) {
                return key;
            }
        }
        return keys[0];
    }

    /** A probability below 1; 0 where the key is absent, unless another is said. */
    public double probability(String key, double otherwise) {
        double p = number(key, otherwise);
        if (!(p >= 0 && p < 1)) {
            throw fail(key, "a probability from 0, below 1", "" + p);
        }
        return p;
    }

    /** A whole number that must be there and be at least 1. */
    public int size(String key) {
        JsonNode n =
                get(key).orElseThrow(() -> fail(key, "a whole number", "nothing; it is needed"));
        return size(key, n);
    }

    /** As {@link #size(String)} where the key may be absent. */
    public int size(String key, int otherwise) {
        return get(key).map(n -> size(key, n)).orElse(otherwise);
    }

    /** A whole number from 0 up. */
    public int count(String key, int otherwise) {
        JsonNode n = get(key).orElse(null);
        if (n != null && (!n.isInt() || n.intValue() < 0)) {
            throw fail(key, "a whole number of at least 0", n.toString());
        }
        return n == null ? otherwise : n.intValue();
    }

    /** A finite number above 0. */
    public double positive(String key, double otherwise) {
        double value = number(key, otherwise);
        if (!(value > 0) || Double.isInfinite(value)) {
            throw fail(key, "a number above 0", "" + value);
        }
        return value;
    }

    /** A number above 0; 0 where the key is null, {@code otherwise} where it is absent. */
    public double bound(String key, double otherwise) {
        if (isNull(key)) {
            return 0;
        }
        double value = number(key, otherwise);
        if (value < 0 || (value == 0 && get(key).isPresent()) || !Double.isFinite(value)) {
            throw fail(key, "a number above 0, or null for none", "" + value);
        }
        return value;
    }

    /** A finite number from 0 up. */
    public double fromZero(String key, double otherwise) {
        double value = number(key, otherwise);
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw fail(key, "a number of at least 0", "" + value);
        }
        return value;
    }

    public double number(String key, double otherwise) {
        return get(key).map(n -> number(key, n)).orElse(otherwise);
    }

    /** A number that must be there. */
    public double number(String key) {
        return number(
                key, get(key).orElseThrow(() -> fail(key, "a number", "nothing; it is needed")));
    }

    public boolean flag(String key, boolean otherwise) {
        JsonNode n = get(key).orElse(null);
        if (n != null && !n.isBoolean()) {
            throw fail(key, "true or false", n.toString());
        }
        return n == null ? otherwise : n.booleanValue();
    }

    public String text(String key, String otherwise) {
        JsonNode n = get(key).orElse(null);
        if (n != null && !n.isString()) {
            throw fail(key, "text", n.toString());
        }
        return n == null ? otherwise : n.stringValue();
    }

    /** Ids given as one number or as a list; none when absent. */
    public List<Integer> ids(String key) {
        JsonNode n = get(key).orElse(null);
        List<Integer> all = new ArrayList<>();
        if (n != null) {
            for (JsonNode id : n.isArray() ? n.values() : List.of(n)) {
                if (!id.isInt() || id.intValue() < 0) {
                    throw fail(key, "an id or a list of ids", n.toString());
                }
                all.add(id.intValue());
            }
        }
        return List.copyOf(all);
    }

    /** Writes what {@link #ids} reads: null, one number or a list. */
    public static void putIds(ObjectNode to, String key, List<Integer> ids) {
        switch (ids.size()) {
            case 0 -> to.putNull(key);
            case 1 -> to.put(key, ids.getFirst());
            default -> ids.forEach(to.putArray(key)::add);
        }
    }

    /** A list of texts; none when absent. */
    public List<String> texts(String key) {
        JsonNode n = get(key).orElse(null);
        List<String> all = new ArrayList<>();
        if (n != null) {
            for (JsonNode t : n.isArray() ? n.values() : List.of(n)) {
                if (!n.isArray() || !t.isString()) {
                    throw fail(key, "a list of names", n.toString());
                }
                all.add(t.stringValue());
            }
        }
        return List.copyOf(all);
    }

    /** An object inside this one. */
    public Optional<ConfigJson> object(String key) {
        return get(key).map(n -> {
            if (n instanceof ObjectNode o) {
                return new ConfigJson(source + ", " + key, o);
            }
            throw fail(key, "an object", n.toString());
        });
    }

    /** The value, unless absent or null. */
    public Optional<JsonNode> get(String key) {
        JsonNode n = root.get(key);
        return n == null || n.isNull() ? Optional.empty() : Optional.of(n);
    }

    /** Whether the key is there and null, where that is not the same as absent. */
    public boolean isNull(String key) {
        JsonNode n = root.get(key);
        return n != null && n.isNull();
    }

    /** What is thrown where a key holds something that cannot be used. */
    public RequestException fail(String key, String expected, String got) {
        String brief = got.length() > LONGEST ? got.substring(0, LONGEST) + "..." : got;
        return new RequestException(
                source + ": " + key + ": expected " + expected + ", got " + brief);
    }

    private int size(String key, JsonNode n) {
        if (!n.isInt() || n.intValue() < 1) {
            throw fail(key, "a whole number of at least 1", n.toString());
        }
        return n.intValue();
    }

    private double number(String key, JsonNode n) {
        if (!n.isNumber()) {
            throw fail(key, "a number", n.toString());
        }
        return n.doubleValue();
    }
}
