package org.lugha.models.chat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lugha.models.RequestException;
import tools.jackson.databind.JsonNode;

/**
 * A template's values: null, Boolean, Long, Double, String, List, Map with text as keys, and what
 * only templates have. How they print is Python's way.
 */
final class Values {
    private Values() {}

    static Object of(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                node.forEachEntry((key, value) -> map.put(key, of(value)));
                yield map;
            }
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                node.forEach(item -> list.add(of(item)));
                yield list;
            }
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER ->
                    node.isIntegralNumber() && node.canConvertToLong()
                            ? (Object) node.longValue()
                            : (Object) node.doubleValue();
            default -> null;
        };
    }

    static boolean truth(Object v) {
        return switch (v) {
            case null -> false;
            case Undefined _ -> false;
            case Boolean b -> b;
            case Long n -> n != 0;
            case Double d -> d != 0;
            case String s -> !s.isEmpty();
            case List<?> l -> !l.isEmpty();
            case Map<?, ?> m -> !m.isEmpty();
            default -> true;
        };
    }

    static String text(Object v) {
        return switch (v) {
            case String s -> s;
            case Undefined _ -> "";
            case null, default -> repr(v);
        };
    }

    static String repr(Object v) {
        return switch (v) {
            case null -> "None";
            case Boolean b -> b ? "True" : "False";
            case Double d -> number(d);
            case String s -> quoted(s);
            case List<?> l -> {
                StringBuilder out = new StringBuilder("[");
                l.forEach(x -> out.append(out.length() > 1 ? ", " : "").append(repr(x)));
                yield out.append(']').toString();
            }
            case Map<?, ?> m -> {
                StringBuilder out = new StringBuilder("{");
                m.forEach((key, x) ->
                        out.append(out.length() > 1 ? ", " : "")
                                .append(repr(key))
                                .append(": ")
                                .append(repr(x)));
                yield out.append('}').toString();
            }
            case Undefined _ -> "Undefined";
            case Long n -> n.toString();
            default -> "<" + kind(v) + ">";
        };
    }

    /** As Python's repr: plain between 1e-4 and 1e16. */
    static String number(double d) {
        if (Double.isNaN(d)) {
            return "nan";
        }
        if (Double.isInfinite(d)) {
            return d > 0 ? "inf" : "-inf";
        }
        if (d == 0) {
            return 1 / d < 0 ? "-0.0" : "0.0";
        }
        BigDecimal b = new BigDecimal(Double.toString(d)).stripTrailingZeros();
        int exponent = b.precision() - b.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = b.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String digits = b.unscaledValue().abs().toString();
        return (d < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() > 1 ? "." + digits.substring(1) : "")
                + "e"
                + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    private static String quoted(String s) {
        char quote = s.contains("'") && !s.contains("\"") ? '"' : '\'';
        StringBuilder out = new StringBuilder().append(quote);
        s.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '\n' -> out.append("\\n");
                        case '\r' -> out.append("\\r");
                        case '\t' -> out.append("\\t");
                        case '\\' -> out.append("\\\\");
                        default -> {
                            if (c == quote) {
                                out.append('\\').append(quote);
                            } else if (c < 32 || c == 127) {
                                out.append("\\x%02x".formatted(c));
                            } else {
                                out.appendCodePoint(c);
                            }
                        }
                    }
                });
        return out.append(quote).toString();
    }

    /** What a loop goes over. */
    static List<Object> items(Object v) {
        return switch (v) {
            case List<?> l -> new ArrayList<>(l);
            case Map<?, ?> m -> new ArrayList<>(m.keySet());
            case String s -> {
                List<Object> all = new ArrayList<>();
                s.codePoints().forEach(c -> all.add(Character.toString(c)));
                yield all;
            }
            case Undefined _ -> new ArrayList<>();
            case null, default -> throw wrong("cannot go over " + kind(v));
        };
    }

    static long length(Object v) {
        return switch (v) {
            case String s -> s.codePointCount(0, s.length());
            case List<?> l -> l.size();
            case Map<?, ?> m -> m.size();
            case Undefined _ -> 0;
            case null, default -> throw wrong(kind(v) + " has no length");
        };
    }

    static long whole(Object v) {
        return switch (v) {
            case Long n -> n;
            case Boolean b -> b ? 1 : 0;
            case null, default -> throw wrong("expected a whole number, got " + kind(v));
        };
    }

    static String string(Object v) {
        return v instanceof String s ? s : fail(v);
    }

    private static String fail(Object v) {
        throw wrong("expected text, got " + kind(v));
    }

    static String kind(Object v) {
        return switch (v) {
            case null -> "none";
            case Boolean _ -> "a boolean";
            case Long _, Double _ -> "a number";
            case String _ -> "text";
            case List<?> _ -> "a list";
            case Map<?, ?> _ -> "a mapping";
            case Undefined u -> "'" + u.name() + "', which is not defined";
            case Callable _ -> "a function";
            case Namespace _ -> "a namespace";
            default -> "a loop";
        };
    }

    static RequestException wrong(String what) {
        return new RequestException("chat template: " + what);
    }
}
