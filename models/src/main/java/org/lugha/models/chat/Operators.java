package org.lugha.models.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What operators do with values. */
record Operators(Budget budget) {
    Object binary(String op, Object a, Object b) {
        return switch (op) {
            case "~" -> budget.print(a) + budget.print(b);
            case "+" -> plus(a, b);
            case "*" -> times(a, b);
            default -> number(op, a, b);
        };
    }

    private Object plus(Object a, Object b) {
        if (a instanceof String s && b instanceof String t) {
            return budget.text(s + t);
        }
        if (a instanceof List<?> l && b instanceof List<?> m) {
            budget.grow((long) l.size() + m.size());
            List<Object> all = new ArrayList<>(l);
            all.addAll(m);
            return all;
        }
        return number("+", a, b);
    }

    private Object times(Object a, Object b) {
        if (a instanceof Long && (b instanceof String || b instanceof List<?>)) {
            return times(b, a);
        }
        if (b instanceof Long n && (a instanceof String || a instanceof List<?>)) {
            int times = Math.clamp(n, 0, Integer.MAX_VALUE);
            long each = a instanceof String ? 1 : Budget.ITEM;
            budget.grow(times * Math.max(1, Values.length(a)) * each);
            if (a instanceof String s) {
                return s.repeat(times);
            }
            List<Object> all = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                all.addAll((List<?>) a);
            }
            return all;
        }
        return number("*", a, b);
    }

    private static Object number(String op, Object a, Object b) {
        if (!isNumber(a) || !isNumber(b)) {
            throw Values.wrong(
                    "'%s' does not go with %s and %s"
                            .formatted(op, Values.kind(a), Values.kind(b)));
        }
        double y = real(b);
        if (y == 0 && "//%".contains(op)) {
            throw Values.wrong("division by zero");
        }
        if (a instanceof Double || b instanceof Double || op.equals("/")) {
            double x = real(a);
            return switch (op) {
                case "+" -> x + y;
                case "-" -> x - y;
                case "*" -> x * y;
                case "/" -> x / y;
                case "//" -> Math.floor(x / y);
                default -> x - y * Math.floor(x / y);
            };
        }
        long i = Values.whole(a);
        long j = Values.whole(b);
        try {
            return switch (op) {
                case "+" -> Math.addExact(i, j);
                case "-" -> Math.subtractExact(i, j);
                case "*" -> Math.multiplyExact(i, j);
                case "//" -> Math.floorDivExact(i, j);
                default -> Math.floorMod(i, j);
            };
        } catch (ArithmeticException _) {
            throw Values.wrong("a whole number became too large");
        }
    }

    static boolean isNumber(Object v) {
        return v instanceof Long || v instanceof Double || v instanceof Boolean;
    }

    static double real(Object v) {
        return v instanceof Double d ? d : Values.whole(v);
    }

    boolean compare(String op, Object a, Object b) {
        return switch (op) {
            case "==" -> same(a, b);
            case "!=" -> !same(a, b);
            case "in" -> in(a, b);
            case "not in" -> !in(a, b);
            case "<" -> order(a, b) < 0;
            case ">" -> order(a, b) > 0;
            case "<=" -> order(a, b) <= 0;
            default -> order(a, b) >= 0;
        };
    }

    boolean same(Object a, Object b) {
        budget.step();
        if (isNumber(a) && isNumber(b)) {
            return a instanceof Double || b instanceof Double
                    ? real(a) == real(b)
                    : Values.whole(a) == Values.whole(b);
        }
        if (a instanceof List<?> l && b instanceof List<?> m) {
            boolean same = l.size() == m.size();
            for (int i = 0; same && i < l.size(); i++) {
                same = same(l.get(i), m.get(i));
            }
            return same;
        }
        if (a instanceof Map<?, ?> m && b instanceof Map<?, ?> n) {
            return m.keySet().equals(n.keySet())
                    && m.keySet().stream().allMatch(k -> same(m.get(k), n.get(k)));
        }
        if (a instanceof Undefined || b instanceof Undefined) {
            return a instanceof Undefined && b instanceof Undefined;
        }
        return Objects.equals(a instanceof String s ? budget.read(s) : a, b);
    }

    private boolean in(Object a, Object b) {
        return switch (b) {
            case String s -> {
                yield budget.read(s).contains(Values.string(a));
            }
            case Map<?, ?> m -> a instanceof String && m.containsKey(a);
            case null, default -> budget.items(b).stream().anyMatch(x -> same(a, x));
        };
    }

    int order(Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return a instanceof Double || b instanceof Double
                    ? Double.compare(real(a), real(b))
                    : Long.compare(Values.whole(a), Values.whole(b));
        }
        if (a instanceof String s && b instanceof String t) {
            return budget.read(s).compareTo(t);
        }
        throw Values.wrong("%s and %s have no order".formatted(Values.kind(a), Values.kind(b)));
    }
}
