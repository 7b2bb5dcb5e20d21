package org.lugha.models.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lugha.models.chat.Node.Expression;
import org.lugha.models.chat.Node.Statement;

/** One rendering. */
final class Interpreter {
    /** How a body ended. */
    private enum Ending {
        NORMAL,
        BREAK,
        CONTINUE
    }

    private final Budget budget = new Budget();
    private final Evaluator evaluator = new Evaluator(budget);
    private final List<ChatTemplate.Span> spans = new ArrayList<>();
    private final StringBuilder whole = new StringBuilder();

    ChatTemplate.Rendered render(List<Statement> template, Map<String, Object> variables) {
        Frame globals = new Frame(null);
        globals.set("range", (Callable) (p, _) -> range(p));
        globals.set("namespace", (Callable) (p, named) -> new Namespace(copied(p, named)));
        globals.set("dict", (Callable) (p, named) -> copied(p, named));
        variables.forEach(globals::set);
        run(template, new Frame(globals), whole);
        return new ChatTemplate.Rendered(whole.toString(), List.copyOf(spans));
    }

    private Ending run(List<Statement> body, Frame frame, StringBuilder out) {
        for (Statement s : body) {
            budget.step();
            Ending ending = run(s, frame, out);
            if (ending != Ending.NORMAL) {
                return ending;
            }
        }
        return Ending.NORMAL;
    }

    private Ending run(Statement statement, Frame frame, StringBuilder out) {
        switch (statement) {
            case Node.Data d -> out.append(budget.text(d.text()));
            case Node.Print p -> out.append(budget.print(evaluator.value(p.value(), frame)));
            case Node.If i -> {
                return branch(i, frame, out);
            }
            case Node.For f -> loop(f, frame, out);
            case Node.Set s -> assign(s.targets(), evaluator.value(s.value(), frame), frame);
            case Node.SetBlock s -> {
                StringBuilder text = new StringBuilder();
                run(s.body(), new Frame(frame), text);
                assign(List.of(s.target()), text.toString(), frame);
            }
            case Node.Macro m ->
                    frame.set(m.name(), (Callable) (p, named) -> call(m, p, named, frame));
            case Node.CallBlock c -> {
                Callable body =
                        (_, _) -> {
                            StringBuilder text = new StringBuilder();
                            run(c.body(), new Frame(frame), text);
                            return text.toString();
                        };
                out.append(budget.print(evaluator.call(c.call(), frame, Map.of("caller", body))));
            }
            case Node.Generation g -> {
                int from = out.length();
                run(g.body(), new Frame(frame), out);
                if (out == whole) {
                    spans.add(new ChatTemplate.Span(from, out.length()));
                }
            }
            case Node.Break _ -> {
                return Ending.BREAK;
            }
            case Node.Continue _ -> {
                return Ending.CONTINUE;
            }
        }
        return Ending.NORMAL;
    }

    private Ending branch(Node.If i, Frame frame, StringBuilder out) {
        for (int n = 0; n < i.conditions().size(); n++) {
            if (Values.truth(evaluator.value(i.conditions().get(n), frame))) {
                return run(i.branches().get(n), frame, out);
            }
        }
        return i.branches().size() > i.conditions().size()
                ? run(i.branches().getLast(), frame, out)
                : Ending.NORMAL;
    }

    private void loop(Node.For f, Frame frame, StringBuilder out) {
        List<Object> items = budget.items(evaluator.value(f.over(), frame));
        if (f.filter() != null) {
            items.removeIf(x -> {
                Frame inner = new Frame(frame);
                bind(f.targets(), x, inner);
                return !Values.truth(evaluator.value(f.filter(), inner));
            });
        }
        for (int i = 0; i < items.size(); i++) {
            budget.step();
            Frame inner = new Frame(frame);
            bind(f.targets(), items.get(i), inner);
            inner.set("loop", new LoopState(items, i));
            if (run(f.body(), inner, out) == Ending.BREAK) {
                break;
            }
        }
        if (items.isEmpty()) {
            run(f.otherwise(), new Frame(frame), out);
        }
    }

    private void bind(List<String> targets, Object value, Frame frame) {
        if (targets.size() == 1) {
            frame.set(targets.getFirst(), value);
            return;
        }
        List<Object> parts = parts(value, targets.size());
        for (int i = 0; i < targets.size(); i++) {
            frame.set(targets.get(i), parts.get(i));
        }
    }

    private List<Object> parts(Object value, int n) {
        List<Object> parts = budget.items(value);
        if (parts.size() != n) {
            throw Values.wrong(
                    String.format(
                            Locale.ROOT,
                            "expected %d values to take apart, got %d",
                            n,
                            parts.size()));
        }
        return parts;
    }

    private void assign(List<Expression> targets, Object value, Frame frame) {
        if (targets.size() > 1) {
            List<Object> parts = parts(value, targets.size());
            for (int i = 0; i < targets.size(); i++) {
                assign(List.of(targets.get(i)), parts.get(i), frame);
            }
            return;
        }
        switch (targets.getFirst()) {
            case Node.Name n -> frame.set(n.name(), value);
            case Node.Attribute a when evaluator.value(a.of(), frame) instanceof Namespace space ->
                    space.values().put(a.name(), value);
            default -> throw Values.wrong("only attributes of a namespace can be set");
        }
    }

    private Object call(Node.Macro m, List<Object> p, Map<String, Object> named, Frame outer) {
        if (p.size() > m.parameters().size()) {
            throw Values.wrong(
                    String.format(
                            Locale.ROOT,
                            "the macro '%s' takes %d arguments, got %d",
                            m.name(),
                            m.parameters().size(),
                            p.size()));
        }
        budget.enter();
        Frame inner = new Frame(outer);
        for (int i = 0; i < m.parameters().size(); i++) {
            String name = m.parameters().get(i);
            Object v = new Undefined(name);
            if (i < p.size()) {
                v = p.get(i);
            } else if (named.containsKey(name)) {
                v = named.get(name);
            } else if (m.defaults().get(i) != null) {
                v = evaluator.value(m.defaults().get(i), inner);
            }
            inner.set(name, v);
        }
        inner.set("caller", named.getOrDefault("caller", new Undefined("caller")));
        StringBuilder text = new StringBuilder();
        run(m.body(), inner, text);
        budget.leave();
        return text.toString();
    }

    private Object range(List<Object> p) {
        long from = p.size() > 1 ? Values.whole(p.get(0)) : 0;
        long to = Values.whole(Methods.at(p, p.size() > 1 ? 1 : 0));
        long by = p.size() > 2 ? Values.whole(p.get(2)) : 1;
        if (by == 0
                || Math.abs(from) > 1 << 30
                || Math.abs(to) > 1 << 30
                || Math.abs(by) > 1 << 30) {
            throw Values.wrong("range: the numbers must be below 2^30 and the step not 0");
        }
        budget.grow(Math.max(0, (to - from) / by) * Budget.ITEM);
        List<Object> all = new ArrayList<>();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            all.add(i);
        }
        return all;
    }

    private Map<String, Object> copied(List<Object> p, Map<String, Object> named) {
        Map<String, Object> all = new LinkedHashMap<>();
        if (!p.isEmpty() && p.getFirst() instanceof Map<?, ?> m) {
            m.forEach((key, value) -> all.put(budget.print(key), value));
        }
        all.putAll(named);
        return all;
    }
}
