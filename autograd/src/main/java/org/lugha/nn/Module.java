package org.lugha.nn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Recompute;
import org.lugha.autograd.Var;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;

/**
 * Named parameters, named children, and {@code compute}. A constructor declares shapes and
 * allocates nothing; values come from a checkpoint or {@link #initialize}.
 */
public abstract class Module implements AutoCloseable {
    private final SequencedMap<String, Parameter> own = new LinkedHashMap<>();
    private final SequencedMap<String, Module> children = new LinkedHashMap<>();
    private final List<Adapter> adapters = new ArrayList<>();

    protected Module() {}

    /** Declares a parameter under a Hugging Face name, for example {@code weight}. */
    protected final Parameter parameter(String name, Shape shape, Init init) {
        return parameter(name, new Parameter(name, shape, init));
    }

    /** Puts an existing parameter under a name too: tied weights. */
    protected final Parameter parameter(String name, Parameter p) {
        if (own.putIfAbsent(name, p) != null) {
            throw taken("parameter", name);
        }
        return p;
    }

    /** Names a child with its Hugging Face key, for example {@code q_proj}. */
    protected final <M extends Module> M child(String name, M module) {
        if (children.putIfAbsent(name, module) != null) {
            throw taken("child", name);
        }
        return module;
    }

    private IllegalArgumentException taken(String what, String name) {
        return new IllegalArgumentException(
                getClass().getSimpleName() + ": " + what + " '" + name + "' is declared twice");
    }

    protected abstract Var compute(Var x, Pass pass);

    /** Computes in a scope of its own: temporaries die here, the result goes to the caller. */
    public final Var forward(Var x, Pass pass) {
        try (Scope scope = Scope.open(getClass().getSimpleName())) {
            UnaryOperator<Var> f = v -> compute(v, pass);
            for (Adapter a : adapters) {
                UnaryOperator<Var> inner = f;
                f = v -> a.apply(v, inner, pass);
            }
            Var y = f.apply(x);
            scope.yield(y.value());
            return y;
        }
    }

    /**
     * As {@link #forward}, with the same values and gradients bit for bit, keeping only x for
     * backward, which computes the rest again: see {@link Recompute}. Meant for the blocks of a
     * deep model: memory then grows with one block and not with all.
     */
    public final Var recompute(Var x, Pass pass) {
        Set<Var> inputs = new LinkedHashSet<>(List.of(x));
        visit(
                "",
                (_, m) -> {
                    inputs.addAll(m.own.values());
                    m.adapters.forEach(a -> inputs.addAll(a.parameters().values()));
                });
        inputs.removeIf(
                v -> v instanceof Parameter p && (!p.isBound() || p.quantized().isPresent()));
        return new Recompute(getClass().getSimpleName(), in -> forward(in[0], pass))
                .apply(inputs.toArray(Var[]::new));
    }

    // ---- names

    /** Every parameter once, by its first full name, adapters' not included. */
    public final SequencedMap<String, Parameter> named() {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        Set<Parameter> seen = new LinkedHashSet<>();
        visit(
                "",
                (path, m) ->
                        m.own.forEach((name, p) -> {
                            if (seen.add(p)) {
                                p.rename(path + name);
                                all.put(path + name, p);
                            }
                        }));
        return all;
    }

    /** Second names of tied parameters and the first name of the same parameter. */
    public final SequencedMap<String, String> aliases() {
        SequencedMap<String, String> all = new LinkedHashMap<>();
        named();
        visit(
                "",
                (path, m) ->
                        m.own.forEach((name, p) -> {
                            if (!p.name().equals(path + name)) {
                                all.put(path + name, p.name());
                            }
                        }));
        return all;
    }

    /** This module and every module below it by path; this one's path is empty. */
    public final SequencedMap<String, Module> modules() {
        SequencedMap<String, Module> all = new LinkedHashMap<>();
        visit(
                "",
                (path, m) ->
                        all.put(path.isEmpty() ? "" : path.substring(0, path.length() - 1), m));
        return all;
    }

    /** Every parameter that a gradient is wanted for, adapters' included. */
    public final List<Parameter> trainable() {
        Set<Parameter> all = new LinkedHashSet<>(named().values());
        modules()
                .values()
                .forEach(m -> m.adapters.forEach(a -> all.addAll(a.parameters().values())));
        return all.stream().filter(Parameter::isTrainable).toList();
    }

    /** Makes every parameter but the adapters' constant, or trainable again. */
    public final void freeze(boolean yes) {
        named().values().forEach(p -> p.trainable(!yes));
    }

    // ---- values

    /**
     * First values for every parameter without one; a function of the seed and the names' order.
     */
    public final void initialize(Device device, DType dtype, long seed) {
        long ordinal = 0;
        for (Parameter p : named().values()) {
            if (!p.isBound()) {
                p.initialize(device, dtype, Philox.derive(seed, ordinal));
            }
            ordinal++;
        }
    }

    /** Gives all memory back, adapters' included. */
    @Override
    public void close() {
        modules().values().forEach(m -> m.adapters.forEach(Module::close));
        closeAll(named().values());
    }

    // ---- adapters

    public final void attach(Adapter a) {
        adapters.add(a);
    }

    public final void detach(Adapter a) {
        adapters.remove(a);
    }

    public final List<Adapter> adapters() {
        return List.copyOf(adapters);
    }

    private static void close(Adapter a) {
        closeAll(a.parameters().values());
        a.close();
    }

    private static void closeAll(Collection<Parameter> parameters) {
        parameters.forEach(Parameter::close);
    }

    private void visit(String path, BiConsumer<String, Module> see) {
        see.accept(path, this);
        children.forEach((name, m) -> m.visit(path + name + ".", see));
    }
}
