package org.lugha.models.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.lugha.models.RequestException;
import org.lugha.models.peft.LoraTargets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One mapping of a configuration, read key by key. A key that is not known is refused before
 * anything is read, and the nearest known one is named; a wrong type names the key's path. What was
 * read, defaults included, is kept as {@link #resolved}.
 */
final class Section {
    private final JsonNode node;
    private final String file;
    private final String path;
    private final List<String> known;
    private final ObjectNode resolved = JsonNodeFactory.instance.objectNode();

    private Section(JsonNode node, String file, String path, String... known) {
        this.node = node;
        this.file = file;
        this.path = path;
        this.known = List.of(known);
        if (!node.isObject()) {
            throw new RequestException(
                    where() + " must be a mapping of keys to values, got " + node.toString());
        }
        for (String key : node.propertyNames()) {
            if (!this.known.contains(key)) {
                throw unknown(key);
            }
        }
    }

    static Section root(JsonNode node, String file, String... known) {
        return new Section(node, file, "", known);
    }

    /** What was read so far, with defaults where nothing was said. */
    ObjectNode resolved() {
        return resolved;
    }

    /** The file, as messages name it. */
    String source() {
        return file;
    }

    boolean has(String key) {
        if (!known.contains(key)) {
            throw new IllegalStateException(path(key) + " is read but not declared");
        }
        return node.has(key) && !node.get(key).isNull();
    }

    /** The mapping below a key; an absent one reads as empty. */
    Section section(String key, String... keys) {
        JsonNode below = has(key) ? node.get(key) : JsonNodeFactory.instance.objectNode();
        Section section = new Section(below, file, path(key), keys);
        resolved.set(key, section.resolved);
        return section;
    }

    /** The mappings of a list below a key; an absent one is empty. */
    <T> List<T> list(String key, Function<Section, T> each, String... keys) {
        List<T> out = new ArrayList<>();
        ArrayNode items = resolved.putArray(key);
        if (has(key)) {
            JsonNode below = node.get(key);
            if (!below.isArray()) {
                throw wrong(key, "a list", below.toString());
            }
            for (int i = 0; i < below.size(); i++) {
                String at = path(key) + "[" + i + "]";
                Section item = new Section(below.get(i), file, at, keys);
                items.add(item.resolved);
                out.add(each.apply(item));
            }
        }
        return List.copyOf(out);
    }

    String string(String key, String otherwise) {
        resolved.put(key, otherwise);
        if (!has(key)) {
            return otherwise;
        }
        JsonNode v = node.get(key);
        if (!v.isString()) {
            throw wrong(key, "text", v.toString());
        }
        resolved.set(key, v);
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

    /** A default outside the range stands for nothing said. */
    double number(String key, double otherwise, double from, double to) {
        if (!has(key)) {
            resolved.put(key, otherwise >= from && otherwise <= to ? (Double) otherwise : null);
            return otherwise;
        }
        JsonNode v = node.get(key);
        double d =
                v.isNumber() ? v.doubleValue() : v.isString() ? parse(v.stringValue()) : Double.NaN;
        if (!(d >= from && d <= to)) {
            throw wrong(key, "a number from " + plain(from) + " to " + plain(to), v.toString());
        }
        resolved.put(key, d);
        return d;
    }

    /** A default outside the range stands for nothing said. */
    int integer(String key, int otherwise, int from) {
        if (!has(key)) {
            resolved.put(key, otherwise >= from ? (Integer) otherwise : null);
            return otherwise;
        }
        JsonNode v = node.get(key);
        if (!v.isIntegralNumber() || !v.canConvertToInt() || v.intValue() < from) {
            throw wrong(key, "a whole number of at least " + from, v.toString());
        }
        resolved.set(key, v);
        return v.intValue();
    }

    long longer(String key, long otherwise) {
        resolved.put(key, otherwise);
        if (!has(key)) {
            return otherwise;
        }
        JsonNode v = node.get(key);
        if (!v.isIntegralNumber() || !v.canConvertToLong()) {
            throw wrong(key, "a whole number", v.toString());
        }
        resolved.set(key, v);
        return v.longValue();
    }

    boolean flag(String key, boolean otherwise) {
        resolved.put(key, otherwise);
        if (!has(key)) {
            return otherwise;
        }
        JsonNode v = node.get(key);
        if (!v.isBoolean()) {
            throw wrong(key, "true or false", v.toString());
        }
        resolved.set(key, v);
        return v.booleanValue();
    }

    /** A list of texts, or one text as a list of one. */
    List<String> strings(String key, List<String> otherwise) {
        if (!has(key)) {
            otherwise.forEach(resolved.putArray(key)::add);
            return otherwise;
        }
        JsonNode v = node.get(key);
        resolved.set(key, v);
        List<String> out = new ArrayList<>();
        if (v.isString()) {
            out.add(v.stringValue());
        } else if (v.isArray()) {
            for (JsonNode e : v) {
                if (!e.isString()) {
                    throw wrong(key, "a list of texts", v.toString());
                }
                out.add(e.stringValue());
            }
        } else {
            throw wrong(key, "a list of texts", v.toString());
        }
        return List.copyOf(out);
    }

    /** A list of numbers. */
    double[] numbers(String key, double... otherwise) {
        if (!has(key)) {
            ArrayNode all = resolved.putArray(key);
            for (double d : otherwise) {
                all.add(d);
            }
            return otherwise;
        }
        JsonNode v = raw(key);
        double[] out = new double[v.size()];
        for (int i = 0; i < out.length; i++) {
            if (!v.isArray() || !v.get(i).isNumber()) {
                throw wrong(key, "a list of numbers", v.toString());
            }
            out[i] = v.get(i).doubleValue();
        }
        return out;
    }

    boolean isText(String key) {
        return has(key) && node.get(key).isString();
    }

    /** A path; empty where nothing is said. */
    Optional<Path> file(String key) {
        return Optional.ofNullable(string(key, null)).map(text -> file(key, text));
    }

    /** A path that is needed. */
    Path requiredFile(String key, String example) {
        return file(key, required(key, example));
    }

    private Path file(String key, String text) {
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            throw new RequestException(
                    file + ": " + path(key) + " is not a path: " + e.getReason() + "; correct it",
                    e);
        }
        throw new RequestException(file + ": " + path(key) + " is empty; give a path");
    }

    /** A list names modules, one text is {@code all-linear} or a regular expression. */
    LoraTargets targets(String key, LoraTargets otherwise) {
        if (!has(key)) {
            if (otherwise instanceof LoraTargets.Names(List<String> names)) {
                names.forEach(resolved.putArray(key)::add);
            } else {
                resolved.put(key, otherwise.toString());
            }
            return otherwise;
        }
        List<String> names = strings(key, List.of());
        if (names.isEmpty()) {
            throw wrong(key, "all-linear or a list of at least one layer", "[]");
        }
        return isText(key)
                ? LoraTargets.text(names.getFirst())
                : LoraTargets.names(names.toArray(String[]::new));
    }

    /** One of a few, by its name in lower case. */
    <E extends Enum<E>> E one(String key, E otherwise, E[] all) {
        List<String> names = Arrays.stream(all).map(Enum::toString).toList();
        return all[names.indexOf(choice(key, otherwise.toString(), names))];
    }

    /** A value below a key as a positive whole number. */
    int integerOf(String key, JsonNode v) {
        if (!v.isIntegralNumber() || !v.canConvertToInt() || v.intValue() < 1) {
            throw wrong(key, "whole numbers of at least 1", v.toString());
        }
        return v.intValue();
    }

    /** A value below a key as a positive number. */
    double numberOf(String key, JsonNode v) {
        if (!v.isNumber() || !(v.doubleValue() > 0)) {
            throw wrong(key, "positive numbers", v.toString());
        }
        return v.doubleValue();
    }

    /** One whole number from 0 up or a list of them. */
    List<Integer> integersOf(String key, JsonNode v) {
        List<JsonNode> values = v.isArray() ? List.copyOf(v.values()) : List.of(v);
        if (!values.stream().allMatch(n -> n.canConvertToInt() && n.isIntegralNumber())
                || values.stream().anyMatch(n -> n.intValue() < 0)) {
            throw wrong(key, "whole numbers from 0 up", v.toString());
        }
        return values.stream().map(JsonNode::intValue).toList();
    }

    /** Refuses what is said without having a meaning in this place. */
    void only(String place, List<String> meant) {
        for (String key : node.propertyNames()) {
            if (!meant.contains(key)) {
                throw new RequestException(
                        file
                                + ": "
                                + path(key)
                                + " has no meaning with "
                                + place
                                + "; known with it: "
                                + String.join(", ", meant));
            }
        }
    }

    JsonNode raw(String key) {
        JsonNode v = has(key) ? node.get(key) : JsonNodeFactory.instance.nullNode();
        resolved.set(key, v);
        return v;
    }

    /** Refuses what belongs to a later version by its name. */
    void refuse(String key, boolean when, String instead) {
        if (when) {
            String value = node.get(key).isContainer() ? "" : ": " + node.get(key).asString();
            throw new RequestException(
                    file
                            + ": "
                            + path(key)
                            + value
                            + " is not supported in this version; "
                            + instead);
        }
    }

    RequestException wrong(String key, String expected, String got) {
        return new RequestException(
                file + ": " + path(key) + " must be " + expected + ", got " + got);
    }

    private RequestException unknown(String key) {
        return new RequestException(
                file
                        + ": unknown key "
                        + path(key)
                        + "; did you mean "
                        + Nearest.of(key, known)
                        + "? Known here: "
                        + String.join(", ", known));
    }

    /** YAML 1.1 readers hand {@code 1e-4} over as text. */
    private static double parse(String s) {
        boolean number = s.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");
        return number ? Double.parseDouble(s) : Double.NaN;
    }

    private static String plain(double d) {
        return d == Math.rint(d) && Math.abs(d) < 1e15
                ? Long.toString((long) d)
                : Double.toString(d);
    }

    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private String where() {
        return path.isEmpty() ? file : file + ": " + path;
    }
}
