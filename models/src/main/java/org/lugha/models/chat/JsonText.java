package org.lugha.models.chat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Values as JSON, spelled as Python's json does.
 *
 * @param indent below 0: everything in one line
 */
record JsonText(
        int indent, boolean ascii, boolean sorted, String comma, String colon, Budget budget) {
    String of(Object v) {
        StringBuilder out = new StringBuilder();
        write(v, 0, out);
        budget.grow(out.length());
        return out.toString();
    }

    private void write(Object v, int level, StringBuilder out) {
        switch (v) {
            case null -> out.append("null");
            case Boolean b -> out.append(b);
            case Long n -> out.append(n);
            case Double d ->
                    out.append(
                            d.isNaN()
                                    ? "NaN"
                                    : d.isInfinite()
                                            ? d > 0 ? "Infinity" : "-Infinity"
                                            : Values.number(d));
            case String s -> text(s, out);
            case List<?> l -> list(l, level, out);
            case Map<?, ?> m -> map(m, level, out);
            default -> throw Values.wrong("tojson: cannot write " + Values.kind(v));
        }
    }

    private void list(List<?> l, int level, StringBuilder out) {
        if (l.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        boolean first = true;
        for (Object x : l) {
            next(first, level + 1, out);
            first = false;
            write(x, level + 1, out);
        }
        line(level, out);
        out.append(']');
    }

    private void map(Map<?, ?> m, int level, StringBuilder out) {
        if (m.isEmpty()) {
            out.append("{}");
            return;
        }
        out.append('{');
        boolean first = true;
        for (Map.Entry<?, ?> e : (sorted ? new TreeMap<>(m) : m).entrySet()) {
            next(first, level + 1, out);
            first = false;
            text(Values.text(e.getKey()), out);
            out.append(colon);
            write(e.getValue(), level + 1, out);
        }
        line(level, out);
        out.append('}');
    }

    private void next(boolean first, int level, StringBuilder out) {
        if (!first) {
            out.append(comma);
        }
        line(level, out);
    }

    private void line(int level, StringBuilder out) {
        if (indent >= 0) {
            budget.grow((long) indent * level);
            out.append('\n').repeat(" ", indent * level);
        }
    }

    private void text(String s, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    if (c < 32 || (ascii && c > 126)) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
