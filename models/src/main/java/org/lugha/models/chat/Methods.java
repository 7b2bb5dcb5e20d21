package org.lugha.models.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Methods of text, mappings and lists that change nothing, under Python's names. */
record Methods(Budget budget) {
    /** A method bound to its value; empty when there is no such one. */
    Optional<Callable> find(Object of, String name) {
        return Optional.ofNullable(
                switch (of) {
                    case String s -> text(s, name);
                    case Map<?, ?> m -> mapping(m, name);
                    case List<?> l -> list(l, name);
                    case null, default -> null;
                });
    }

    private Callable text(String s, String name) {
        boolean looks = name.endsWith("swith") || name.startsWith("is") || name.equals("find");
        budget.grow(looks ? s.length() >> 4 : s.length());
        return switch (name) {
            case "strip" -> (p, _) -> Text.strip(s, chars(p), true, true);
            case "lstrip" -> (p, _) -> Text.strip(s, chars(p), true, false);
            case "rstrip" -> (p, _) -> Text.strip(s, chars(p), false, true);
            case "upper" -> (_, _) -> s.toUpperCase(Locale.ROOT);
            case "lower" -> (_, _) -> s.toLowerCase(Locale.ROOT);
            case "title" -> (_, _) -> Text.title(s, false);
            case "capitalize" -> (_, _) -> Text.capitalize(s);
            case "startswith" -> (p, _) -> any(p, s::startsWith);
            case "endswith" -> (p, _) -> any(p, s::endsWith);
            default -> parts(s, name);
        };
    }

    private Callable parts(String s, String name) {
        return switch (name) {
            case "split" -> (p, named) -> split(s, p, named, false);
            case "rsplit" -> (p, named) -> split(s, p, named, true);
            case "splitlines" -> (_, _) -> new ArrayList<Object>(budget.text(s).lines().toList());
            case "replace" -> (p, _) -> replace(s, p);
            case "join" -> (p, _) -> join(s, budget.items(at(p, 0)));
            case "find" -> (p, _) -> find(s, Values.string(at(p, 0)));
            case "count" -> (p, _) -> Text.split(s, separator(at(p, 0)), -1).size() - 1L;
            case "removeprefix" ->
                    (p, _) -> {
                        String x = Values.string(at(p, 0));
                        return s.startsWith(x) ? s.substring(x.length()) : s;
                    };
            case "removesuffix" ->
                    (p, _) -> {
                        String x = Values.string(at(p, 0));
                        return s.endsWith(x) ? s.substring(0, s.length() - x.length()) : s;
                    };
            case "isdigit" -> (_, _) -> !s.isEmpty() && s.codePoints().allMatch(Character::isDigit);
            case "isalpha" ->
                    (_, _) -> !s.isEmpty() && s.codePoints().allMatch(Character::isLetter);
            case "isspace" -> (_, _) -> !s.isEmpty() && s.codePoints().allMatch(Text::isSpace);
            default -> null;
        };
    }

    private Callable mapping(Map<?, ?> m, String name) {
        return switch (name) {
            case "items" -> (_, _) -> pairs(m);
            case "keys" -> (_, _) -> new ArrayList<Object>(m.keySet());
            case "values" -> (_, _) -> new ArrayList<Object>(m.values());
            case "get" ->
                    (p, _) ->
                            at(p, 0) instanceof String key && m.containsKey(key)
                                    ? m.get(key)
                                    : p.size() > 1 ? p.get(1) : null;
            default -> null;
        };
    }

    private Callable list(List<?> l, String name) {
        Operators operators = new Operators(budget);
        return switch (name) {
            case "count" -> (p, _) -> l.stream().filter(x -> operators.same(x, at(p, 0))).count();
            case "index" ->
                    (p, _) -> {
                        for (int i = 0; i < l.size(); i++) {
                            if (operators.same(l.get(i), at(p, 0))) {
                                return (long) i;
                            }
                        }
                        throw Values.wrong("index: the list does not hold it");
                    };
            case "append", "extend", "insert", "pop", "remove", "clear" ->
                    throw Values.wrong(
                            "'" + name + "' would change a value, which templates may not do");
            default -> null;
        };
    }

    static List<Object> pairs(Map<?, ?> m) {
        List<Object> all = new ArrayList<>();
        m.forEach((key, value) -> {
            List<Object> pair = new ArrayList<>();
            pair.add(key);
            pair.add(value);
            all.add(pair);
        });
        return all;
    }

    String join(String separator, List<Object> items) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            String next = (i > 0 ? separator : "") + budget.print(items.get(i));
            budget.grow(separator.length());
            out.append(next);
        }
        return out.toString();
    }

    private static Object find(String s, String wanted) {
        int i = s.indexOf(wanted);
        return i < 0 ? -1L : (long) s.codePointCount(0, i);
    }

    private static boolean any(List<Object> p, Predicate<String> test) {
        Object wanted = at(p, 0);
        return wanted instanceof List<?> l
                ? l.stream().anyMatch(x -> test.test(Values.string(x)))
                : test.test(Values.string(wanted));
    }

    private Object split(String s, List<Object> p, Map<String, Object> named, boolean right) {
        budget.grow(4L * s.length()); // perhaps a list of very small parts
        Object by = p.isEmpty() ? named.get("sep") : p.getFirst();
        Object most = p.size() > 1 ? p.get(1) : named.getOrDefault("maxsplit", -1L);
        String separator = by == null ? null : separator(by);
        return right && separator != null
                ? Text.rsplit(s, separator, Values.whole(most))
                : Text.split(s, separator, Values.whole(most));
    }

    private static String separator(Object by) {
        String s = Values.string(by);
        if (s.isEmpty()) {
            throw Values.wrong("split: the separator is empty");
        }
        return s;
    }

    String replace(String s, List<Object> p) {
        String by = budget.print(at(p, 1));
        String old = budget.print(at(p, 0));
        long times = old.isEmpty() ? s.length() + 1L : 0;
        for (int i = 0; !old.isEmpty() && (i = s.indexOf(old, i)) >= 0; i += old.length()) {
            times++;
        }
        budget.grow(s.length() + times * by.length());
        long most = p.size() > 2 && p.get(2) != null ? Values.whole(p.get(2)) : -1;
        return Text.replace(s, old, by, most);
    }

    private static String chars(List<Object> p) {
        return p.isEmpty() || p.getFirst() == null ? null : Values.string(p.getFirst());
    }

    /** An argument that must be there. */
    static Object at(List<Object> p, int i) {
        if (i >= p.size()) {
            throw Values.wrong(
                    String.format(
                            Locale.ROOT, "a call needs %d arguments, got %d", i + 1, p.size()));
        }
        return p.get(i);
    }
}
