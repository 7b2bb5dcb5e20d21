package org.lugha.models.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lugha.models.RequestException;
import org.lugha.models.chat.Node.Expression;

/** The value of expressions. */
final class Evaluator {
    private final Budget budget;
    private final Operators operators;
    private final Methods methods;
    private final Tests tests;
    private final Filters filters;

    Evaluator(Budget budget) {
        this.budget = budget;
        operators = new Operators(budget);
        methods = new Methods(budget);
        tests = new Tests(budget);
        filters = new Filters(budget, tests, this::lookup);
    }

    Object value(Expression e, Frame frame) {
        budget.step();
        return switch (e) {
            case Node.Literal l -> l.value();
            case Node.Name n -> frame.get(n.name());
            case Node.Attribute a -> at(a.line(), () -> attribute(value(a.of(), frame), a.name()));
            case Node.Item i ->
                    at(i.line(), () -> item(value(i.of(), frame), value(i.key(), frame)));
            case Node.Slice s -> at(s.line(), () -> slice(s, frame));
            case Node.Call c -> at(c.line(), () -> call(c, frame, Map.of()));
            case Node.Filter f -> at(f.line(), () -> filter(f, frame));
            case Node.Test t -> at(t.line(), () -> test(t, frame));
            case Node.Unary u -> at(u.line(), () -> unary(u, frame));
            case Node.Binary b -> at(b.line(), () -> binary(b, frame));
            case Node.Comparison c -> at(c.line(), () -> comparison(c, frame));
            case Node.Conditional c -> conditional(c, frame);
            case Node.ListLiteral l -> list(l.items(), frame);
            case Node.DictLiteral d -> dict(d, frame);
            case Node.Spread s -> value(s.of(), frame);
        };
    }

    /** Work that can go wrong. */
    @FunctionalInterface
    private interface Work {
        Object done();
    }

    /** Says the line of what goes wrong in it, the innermost. */
    private static Object at(int line, Work work) {
        try {
            return work.done();
        } catch (RequestException e) {
            String prefix = "chat template: ";
            if (e.getMessage().startsWith(prefix)) {
                throw new RequestException(
                        "chat template, line "
                                + line
                                + ": "
                                + e.getMessage().substring(prefix.length()),
                        e);
            }
            throw e;
        }
    }

    private Object conditional(Node.Conditional c, Frame frame) {
        if (Values.truth(value(c.condition(), frame))) {
            return value(c.then(), frame);
        }
        return c.otherwise() == null ? new Undefined("else") : value(c.otherwise(), frame);
    }

    private List<Object> list(List<Expression> items, Frame frame) {
        budget.grow(items.size());
        List<Object> all = new ArrayList<>();
        for (Expression e : items) {
            if (e instanceof Node.Spread s) {
                all.addAll(budget.items(value(s.of(), frame)));
            } else {
                all.add(value(e, frame));
            }
        }
        return all;
    }

    private Map<String, Object> dict(Node.DictLiteral d, Frame frame) {
        Map<String, Object> all = new LinkedHashMap<>();
        budget.grow(d.keys().size());
        for (int i = 0; i < d.keys().size(); i++) {
            String key = budget.print(value(d.keys().get(i), frame));
            all.put(key, value(d.values().get(i), frame));
        }
        return all;
    }

    /** As {@code of.name}: methods of mappings go before their keys. */
    private Object attribute(Object of, String name) {
        return switch (of) {
            case Undefined u -> throw Values.wrong("'" + u.name() + "' is not defined");
            case Namespace n ->
                    n.values().containsKey(name) ? n.values().get(name) : new Undefined(name);
            case LoopState l -> l.attribute(name);
            case null, default ->
                    methods.find(of, name).map(m -> (Object) m).orElseGet(() -> key(of, name));
        };
    }

    private static Object key(Object of, String name) {
        return of instanceof Map<?, ?> m && m.containsKey(name) ? m.get(name) : new Undefined(name);
    }

    /** As {@code of['name']}, or by dots as filters take it. */
    private Object lookup(Object of, String path) {
        Object v = of;
        for (String name : path.split("\\.", -1)) {
            v = name.matches("\\d{1,9}") ? item(v, Long.valueOf(name)) : item(v, name);
        }
        return v;
    }

    private Object item(Object of, Object key) {
        if (key instanceof String name) {
            return of instanceof Map<?, ?> m && m.containsKey(name)
                    ? m.get(name)
                    : attribute(of, name);
        }
        if (of instanceof Undefined u) {
            throw Values.wrong("'" + u.name() + "' is not defined");
        }
        if (key instanceof Long n && (of instanceof List<?> || of instanceof String)) {
            List<?> items = of instanceof List<?> l ? l : budget.items(of);
            long i = n < 0 ? n + items.size() : n;
            return i >= 0 && i < items.size() ? items.get((int) i) : new Undefined("item " + n);
        }
        return new Undefined("item " + budget.print(key));
    }

    private Object slice(Node.Slice s, Frame frame) {
        Object of = value(s.of(), frame);
        if (!(of instanceof String || of instanceof List<?>)) {
            throw Values.wrong("cannot take a slice of " + Values.kind(of));
        }
        List<Object> items = budget.items(of);
        long by = s.by() == null ? 1 : end(s.by(), frame, 1);
        if (by == 0) {
            throw Values.wrong("the step of a slice is 0");
        }
        int n = items.size();
        long low = by > 0 ? 0 : -1;
        long high = by > 0 ? n : n - 1L;
        long from = bound(end(s.from(), frame, null), by > 0 ? low : high, n, low, high);
        long to = bound(end(s.to(), frame, null), by > 0 ? high : low, n, low, high);
        List<Object> out = new ArrayList<>();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            out.add(items.get((int) i));
        }
        return of instanceof String ? methods.join("", out) : out;
    }

    private Long end(Expression e, Frame frame, Integer otherwise) {
        Object v = e == null ? null : value(e, frame);
        if (v == null) {
            return otherwise == null ? null : Long.valueOf(otherwise);
        }
        return Math.clamp(Values.whole(v), -(1L << 31), 1L << 31);
    }

    private static long bound(Long given, long otherwise, int n, long low, long high) {
        return given == null ? otherwise : Math.clamp(given < 0 ? given + n : given, low, high);
    }

    /** A call with more named arguments than stand in it. */
    Object call(Node.Call c, Frame frame, Map<String, Object> more) {
        Object f = value(c.function(), frame);
        if (!(f instanceof Callable callable)) {
            throw Values.wrong("cannot call " + Values.kind(f));
        }
        Map<String, Object> named = named(c.arguments(), frame);
        named.putAll(more);
        return callable.call(list(c.arguments().positional(), frame), named);
    }

    private Map<String, Object> named(Node.Arguments a, Frame frame) {
        Map<String, Object> all = new LinkedHashMap<>();
        a.named().forEach((name, e) -> all.put(name, value(e, frame)));
        return all;
    }

    private Object filter(Node.Filter f, Frame frame) {
        return filters.apply(
                f.name(),
                value(f.of(), frame),
                list(f.arguments().positional(), frame),
                named(f.arguments(), frame));
    }

    private Object test(Node.Test t, Frame frame) {
        Object v = value(t.of(), frame);
        return tests.holds(t.name(), v, list(t.arguments().positional(), frame)) != t.negated();
    }

    private Object unary(Node.Unary u, Frame frame) {
        Object v = value(u.of(), frame);
        return switch (u.op()) {
            case "not" -> !Values.truth(v);
            case "-" -> operators.binary("-", 0L, v);
            default -> operators.binary("+", 0L, v);
        };
    }

    private Object binary(Node.Binary b, Frame frame) {
        Object left = value(b.left(), frame);
        return switch (b.op()) {
            case "and" -> Values.truth(left) ? value(b.right(), frame) : left;
            case "or" -> Values.truth(left) ? left : value(b.right(), frame);
            default -> operators.binary(b.op(), left, value(b.right(), frame));
        };
    }

    private Object comparison(Node.Comparison c, Frame frame) {
        Object left = value(c.operands().getFirst(), frame);
        for (int i = 0; i < c.ops().size(); i++) {
            Object right = value(c.operands().get(i + 1), frame);
            if (!operators.compare(c.ops().get(i), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }
}
