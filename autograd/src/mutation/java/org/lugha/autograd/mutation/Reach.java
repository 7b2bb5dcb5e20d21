package org.lugha.autograd.mutation;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which methods of a file call which others of it. */
final class Reach extends TreeScanner<Void, String> {
    private final Map<String, Set<String>> calls = new HashMap<>();

    private Reach() {}

    /** Methods that compute gradients and what only they call. */
    static Set<String> ofBackward(CompilationUnitTree unit) {
        Reach r = new Reach();
        r.scan(unit, "");
        Set<String> all = r.calls.keySet();
        Set<String> from = r.from(all.stream().filter(Reach::isGradient).toList());
        Set<String> entries = new HashSet<>(all);
        r.calls.values().forEach(entries::removeAll); // nobody in the file calls these
        Predicate<String> gradient = Reach::isGradient;
        from.removeAll(r.from(entries.stream().filter(gradient.negate()).toList()));
        return from;
    }

    private static boolean isGradient(String method) {
        return method.equals("backward")
                || method.endsWith("Backward")
                || method.endsWith("Gradient")
                || method.equals("slope")
                || method.equals("scatterAdd");
    }

    private Set<String> from(Collection<String> roots) {
        Set<String> seen = new HashSet<>(roots);
        Deque<String> next = new ArrayDeque<>(roots);
        while (!next.isEmpty()) {
            for (String called : calls.getOrDefault(next.poll(), Set.of())) {
                if (calls.containsKey(called) && seen.add(called)) {
                    next.add(called);
                }
            }
        }
        return seen;
    }

    @Override
    public Void visitMethod(MethodTree m, String in) {
        String name = m.getName().toString();
        calls.computeIfAbsent(name, _ -> new HashSet<>());
        return super.visitMethod(m, name);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, String in) {
        if (call.getMethodSelect() instanceof IdentifierTree i) {
            calls.computeIfAbsent(in, _ -> new HashSet<>()).add(i.getName().toString());
        }
        return super.visitMethodInvocation(call, in);
    }
}
