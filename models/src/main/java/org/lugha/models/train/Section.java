package org.lugha.models.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.lugha.models.RequestException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One mapping of a configuration, read key by key. Every key that is asked for is known; {@link
 * #finish} refuses the others and names the nearest known one. A wrong type names the key's path.
 */
final class Section {
    private final JsonNode node;
    private final String file;
    private final String path;
    private final Set<String> known = new TreeSet<>();

    private Section(JsonNode node, String file, String path) {
        this.node = node;
        this.file = file;
        this.path = path;
        if (!node.isObject()) {
            throw new RequestException(
                    where() + " must be a mapping of keys to values, got " + node.toString());
        }
    }

    static Section root(JsonNode node, String file) {
        return new Section(node, file, "");
    }

    boolean has(String key) {
        known.add(key);
        return node.has(key) && !node.get(key).isNull();
    }

    /** The mapping below a key; an absent one reads as empty. */
    Section section(String key) {
        JsonNode below = has(key) ? node.get(key) : JsonNodeFactory.instance.objectNode();
        return new Section(below, file, path(key));
    }

    /** The mappings of a list below a key; an absent one is empty. */
    <T> List<T> list(String key, Function<Section, T> each) {
        List<T> out = new ArrayList<>();
        if (has(key)) {
            JsonNode below = node.get(key);
            if (!below.isArray()) {
                throw wrong(key, "a list", below);
            }
            for (int i = 0; i < below.size(); i++) {
                Section item = new Section(below.get(i), file, path(key) + "[" + i + "]");
                out.add(each.apply(item));
                item.finish();
            }
        }
        return List.copyOf(out);
    }

    String string(String key, String otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode v = node.get(key);
        if (!v.isString()) {
            throw wrong(key, "text", v);
        }
        return v.stringValue();
    }

    String required(String key, String example) {
        if (!has(key)) {
            throw new RequestException(
                    file
                            + ": "
                            + path(key)
                            + " is missing; it is needed, for example "
                            + key
                            + ": "
                            + example);
        }
        return string(key, "");
    }

    String choice(String key, String otherwise, List<String> allowed) {
        String v = string(key, otherwise);
        if (!allowed.contains(v)) {
            throw new RequestException(
                    file
                            + ": "
                            + path(key)
                            + " must be one of "
                            + String.join(", ", allowed)
                            + ", got '"
                            + v
                            + "'");
        }
        return v;
    }

    double number(String key, double otherwise, double from, double to) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode v = node.get(key);
        double d =
                v.isNumber() ? v.doubleValue() : v.isString() ? parse(v.stringValue()) : Double.NaN;
        if (!(d >= from && d <= to)) {
            throw wrong(key, "a number from " + plain(from) + " to " + plain(to), v);
        }
        return d;
    }

    int integer(String key, int otherwise, int from) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode v = node.get(key);
        if (!v.isIntegralNumber() || !v.canConvertToInt() || v.intValue() < from) {
            throw wrong(key, "a whole number of at least " + from, v);
        }
        return v.intValue();
    }

    long longer(String key, long otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode v = node.get(key);
        if (!v.isIntegralNumber() || !v.canConvertToLong()) {
            throw wrong(key, "a whole number", v);
        }
        return v.longValue();
    }

    boolean flag(String key, boolean otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode v = node.get(key);
        if (!v.isBoolean()) {
            throw wrong(key, "true or false", v);
        }
        return v.booleanValue();
    }

    /** A list of texts, or one text as a list of one. */
    List<String> strings(String key, List<String> otherwise) {
        if (!has(key)) {
            return otherwise;
        }
        JsonNode v = node.get(key);
        List<String> out = new ArrayList<>();
        if (v.isString()) {
            out.add(v.stringValue());
        } else if (v.isArray()) {
            for (JsonNode e : v) {
                if (!e.isString()) {
                    throw wrong(key, "a list of texts", v);
                }
                out.add(e.stringValue());
            }
        } else {
            throw wrong(key, "a list of texts", v);
        }
        return List.copyOf(out);
    }

    JsonNode raw(String key) {
        return has(key) ? node.get(key) : JsonNodeFactory.instance.nullNode();
    }

    /** Refuses what belongs to a later version by its name. */
    void refuse(String key, boolean when, String instead) {
        if (when) {
            throw new RequestException(
                    file + ": " + path(key) + " is not supported in this version; " + instead);
        }
    }

    /** Refuses keys that nobody asked for. */
    void finish() {
        for (String key : node.propertyNames()) {
            if (!known.contains(key)) {
                throw new RequestException(
                        file
                                + ": unknown key "
                                + path(key)
                                + "; did you mean "
                                + Nearest.of(key, known)
                                + "? Known here: "
                                + String.join(", ", known));
            }
        }
    }

    RequestException wrong(String key, String expected, JsonNode got) {
        return new RequestException(
                file + ": " + path(key) + " must be " + expected + ", got " + got);
    }

    /** YAML 1.1 readers hand {@code 1e-4} over as text. */
    private static double parse(String s) {
        try {
            return Double.parseDouble(s);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static String plain(double d) {
        return d == Math.rint(d) && Math.abs(d) < 1e15
                ? Long.toString((long) d)
                : Double.toString(d);
    }

    private String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String where() {
        return path.isEmpty() ? file : file + ": " + path;
    }
}
