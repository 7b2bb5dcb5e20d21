package org.lugha.models.chat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/** Filters by name; one that is not here is refused by its name. */
record Filters(Budget budget, Tests tests, Lookup lookup) {
    /** As Python. */
    private static final int MOST_DIGITS = 4300;

    /** An attribute or a key of a value. */
    @FunctionalInterface
    interface Lookup {
        Object get(Object of, String name);
    }

    Object apply(String name, Object v, List<Object> p, Map<String, Object> named) {
        return switch (name) {
            case "default", "d" -> otherwise(v, p, named);
            case "tojson" -> {
                budget.weigh(v);
                yield json(p, named).of(v);
            }
            case "string" -> budget.print(v);
            case "safe" -> v;
            case "trim", "upper", "lower", "title", "capitalize", "replace", "indent" ->
                    text(name, budget.print(v), p, named);
            case "length", "count" -> Values.length(v instanceof String s ? budget.read(s) : v);
            case "int" -> whole(v, p);
            case "float" ->
                    v instanceof String s ? real(budget.text(s)) : (Object) Operators.real(v);
            case "abs" -> v instanceof Long n ? (Object) Math.abs(n) : Math.abs(Operators.real(v));
            case "items" -> v instanceof Map<?, ?> m ? Methods.pairs(m) : budget.items(v);
            case "dictsort" -> sortedPairs(v, p, named);
            case "join" -> joined(v, p, named);
            default -> list(name, v, p, named);
        };
    }

    private Object list(String name, Object v, List<Object> p, Map<String, Object> named) {
        if (name.equals("reverse") && v instanceof String s) {
            return new StringBuilder(s).reverse().toString();
        }
        List<Object> items = budget.items(v);
        return switch (name) {
            case "list" -> items;
            case "first" -> items.isEmpty() ? new Undefined("first") : items.getFirst();
            case "last" -> items.isEmpty() ? new Undefined("last") : items.getLast();
            case "reverse" -> {
                Collections.reverse(items);
                yield items;
            }
            case "sum" -> {
                Object sum = 0L;
                for (Object x : items) {
                    sum = new Operators(budget).binary("+", sum, x);
                }
                yield sum;
            }
            case "min", "max", "sort", "unique" -> ordered(name, items, named);
            case "map" -> mapped(items, p, named);
            case "select" -> chosen(items, p, 0, true);
            case "reject" -> chosen(items, p, 0, false);
            case "selectattr" -> chosen(items, p, 1, true);
            case "rejectattr" -> chosen(items, p, 1, false);
            default -> throw Values.wrong("the filter '" + name + "' is not supported");
        };
    }

    private static Object otherwise(Object v, List<Object> p, Map<String, Object> named) {
        Object other = p.isEmpty() ? named.getOrDefault("default_value", "") : p.getFirst();
        Object falsy = p.size() > 1 ? p.get(1) : named.get("boolean");
        boolean missing = v instanceof Undefined || (Values.truth(falsy) && !Values.truth(v));
        return missing ? other : v;
    }

    private Object text(String name, String s, List<Object> p, Map<String, Object> named) {
        budget.grow(s.length());
        return switch (name) {
            case "trim" ->
                    Text.strip(
                            s,
                            p.isEmpty() || p.getFirst() == null
                                    ? null
                                    : Values.string(p.getFirst()),
                            true,
                            true);
            case "upper" -> s.toUpperCase(Locale.ROOT);
            case "lower" -> s.toLowerCase(Locale.ROOT);
            case "title" -> Text.title(s, true);
            case "capitalize" -> Text.capitalize(s);
            case "replace" -> new Methods(budget).replace(s, p);
            default -> indented(s, p, named);
        };
    }

    private String indented(String s, List<Object> p, Map<String, Object> named) {
        Object width = p.isEmpty() ? named.getOrDefault("width", 4L) : p.getFirst();
        boolean first = Values.truth(p.size() > 1 ? p.get(1) : named.get("first"));
        boolean blank = Values.truth(p.size() > 2 ? p.get(2) : named.get("blank"));
        budget.grow(Math.max(0, width instanceof Long n ? n : 0));
        String by =
                width instanceof String w
                        ? w
                        : " ".repeat(Math.clamp(Values.whole(width), 0, Integer.MAX_VALUE));
        StringBuilder out = new StringBuilder();
        for (int from = 0; from >= 0; ) {
            int end = s.indexOf('\n', from);
            String line = s.substring(from, end < 0 ? s.length() : end + 1);
            boolean indents = from == 0 ? first : blank || !line.equals("\n") && !line.isEmpty();
            budget.grow(line.length() + (indents ? by.length() : 0));
            out.append(indents ? by : "").append(line);
            from = end < 0 ? -1 : end + 1;
        }
        return out.toString();
    }

    private static Object whole(Object v, List<Object> p) {
        Object other = p.isEmpty() ? 0L : p.getFirst();
        if (v instanceof String s) {
            if (s.length() > MOST_DIGITS) {
                return other;
            }
            try {
                return Long.valueOf(s.strip());
            } catch (NumberFormatException _) {
                Object real = real(s);
                return real instanceof Double d && Double.isFinite(d) && d != 0
                        ? d.longValue()
                        : other;
            }
        }
        return Operators.isNumber(v) ? (Object) (long) Operators.real(v) : other;
    }

    private static Object real(String s) {
        try {
            return Double.valueOf(s.strip());
        } catch (NumberFormatException _) {
            return 0.0;
        }
    }

    private String joined(Object v, List<Object> p, Map<String, Object> named) {
        Object by = p.isEmpty() ? named.getOrDefault("d", "") : p.getFirst();
        Object attribute = p.size() > 1 ? p.get(1) : named.get("attribute");
        List<Object> items = budget.items(v);
        if (attribute instanceof String a) {
            items.replaceAll(x -> lookup.get(x, a));
        }
        return new Methods(budget).join(budget.print(by), items);
    }

    /** A mapping's pairs by key, or by value. */
    private List<Object> sortedPairs(Object v, List<Object> p, Map<String, Object> named) {
        if (!(v instanceof Map<?, ?> m)) {
            throw Values.wrong("dictsort: expected a mapping, got " + Values.kind(v));
        }
        boolean cased = Values.truth(p.isEmpty() ? named.get("case_sensitive") : p.getFirst());
        Object by = p.size() > 1 ? p.get(1) : named.getOrDefault("by", "key");
        Object reverse = p.size() > 2 ? p.get(2) : named.get("reverse");
        Operators operators = new Operators(budget);
        Function<Object, Object> key =
                pair -> {
                    Object k = ((List<?>) pair).get("value".equals(by) ? 1 : 0);
                    return cased ? k : folded(k);
                };
        Comparator<Object> order = (a, b) -> operators.order(key.apply(a), key.apply(b));
        List<Object> pairs = Methods.pairs(m);
        budget.grow(3L * pairs.size());
        pairs.sort(Values.truth(reverse) ? order.reversed() : order);
        return pairs;
    }

    private Object ordered(String name, List<Object> items, Map<String, Object> named) {
        Object attribute = named.get("attribute");
        Function<Object, Object> key = x -> attribute instanceof String a ? lookup.get(x, a) : x;
        if (name.equals("unique")) {
            Map<Object, Object> seen = new LinkedHashMap<>();
            for (Object x : items) {
                Object k = folded(key.apply(x));
                budget.weigh(k); // a list is known by what it holds
                seen.putIfAbsent(k, x);
            }
            return new ArrayList<>(seen.values());
        }
        Operators operators = new Operators(budget);
        Comparator<Object> order =
                (a, b) -> operators.order(folded(key.apply(a)), folded(key.apply(b)));
        items.sort(
                name.equals("sort") && Values.truth(named.get("reverse"))
                        ? order.reversed()
                        : order);
        if (name.equals("sort")) {
            return items;
        }
        if (items.isEmpty()) {
            return new Undefined(name);
        }
        return name.equals("min") ? items.getFirst() : items.getLast();
    }

    /** Jinja compares text without regard to case here. */
    private Object folded(Object v) {
        return v instanceof String s ? budget.text(s).toLowerCase(Locale.ROOT) : v;
    }

    private List<Object> mapped(List<Object> items, List<Object> p, Map<String, Object> named) {
        List<Object> out = new ArrayList<>();
        for (Object x : items) {
            budget.step();
            if (named.get("attribute") instanceof String a) {
                Object found = lookup.get(x, a);
                boolean missing = found instanceof Undefined && named.containsKey("default");
                out.add(missing ? named.get("default") : found);
            } else {
                String filter = Values.string(Methods.at(p, 0));
                out.add(apply(filter, x, p.subList(1, p.size()), named));
            }
        }
        return out;
    }

    /** By a test on the item itself (0) or on its attribute (1). */
    private List<Object> chosen(List<Object> items, List<Object> p, int skip, boolean wanted) {
        List<Object> out = new ArrayList<>();
        Predicate<Object> test =
                v ->
                        p.size() <= skip
                                ? Values.truth(v)
                                : tests.holds(
                                        Values.string(p.get(skip)),
                                        v,
                                        p.subList(skip + 1, p.size()));
        for (Object x : items) {
            budget.step();
            Object v = skip == 0 ? x : lookup.get(x, Values.string(Methods.at(p, 0)));
            if (test.test(v) == wanted) {
                out.add(x);
            }
        }
        return out;
    }

    private JsonText json(List<Object> p, Map<String, Object> named) {
        Object indent = p.size() > 1 ? p.get(1) : named.get("indent");
        int width = indent == null ? -1 : Math.clamp(Values.whole(indent), 0, 64);
        String comma = width < 0 ? ", " : ",";
        String colon = ": ";
        if (named.get("separators") instanceof List<?> l && l.size() == 2) {
            comma = Values.string(l.get(0));
            colon = Values.string(l.get(1));
        }
        boolean ascii = Values.truth(p.isEmpty() ? named.get("ensure_ascii") : p.getFirst());
        return new JsonText(
                width, ascii, Values.truth(named.get("sort_keys")), comma, colon, budget);
    }
}
