package org.lugha.models.peft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.nn.Adapter;
import org.lugha.nn.Module;
import org.lugha.runtime.Tensor;

/**
 * An adapter on its model. Several may be on one model at a time: those that are active stack in
 * the order in which they became active, and each can be put aside and taken up again without
 * loading anything. Attaching freezes everything that was there before.
 *
 * <pre>{@code
 * Attached swahili = PeftFiles.loadInto(model, Path.of("sw"));
 * Attached zulu = PeftFiles.loadInto(model, Path.of("zu"));
 * swahili.deactivate();                      // zulu alone answers now
 * }</pre>
 */
public final class Attached implements AutoCloseable {
    private final PeftConfig config;
    private final CausalLM model;
    private final List<Part> parts = new ArrayList<>();
    private final List<Parameter> owned = new ArrayList<>();
    private boolean active = true;

    private record Part(String path, Module host, Adapter adapter) {}

    private Attached(PeftConfig config, CausalLM model) {
        this.config = config;
        this.model = model;
    }

    /** What an adapter's method does to a model: one call of {@code add} for each layer. */
    interface Attaching {
        void to(Attached all);
    }

    /** Freezes the model and lets a method add its parts; all of them or none. */
    static Attached make(PeftConfig config, CausalLM model, Attaching method) {
        for (Module m : model.modules().values()) {
            m.adapters().forEach(a -> a.parameters().values().forEach(p -> p.trainable(false)));
        }
        model.freeze(true);
        Attached all = new Attached(config, model);
        try {
            method.to(all);
            return all;
        } catch (RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    /** Adds a part; its values are made here so that a failure leaves none behind. */
    void add(String path, Module host, Adapter adapter) {
        parts.add(new Part(path, host, adapter));
        host.attach(adapter);
    }

    /** Closes a value with this adapter from now on, also where its part is never added. */
    Parameter owning(Parameter made) {
        owned.add(made);
        return made;
    }

    /** The method and its settings, for saving again. */
    public PeftConfig config() {
        return config;
    }

    public CausalLM model() {
        return model;
    }

    /** The parameters by their keys in PEFT's files, without a prefix; tied ones under each key. */
    public SequencedMap<String, Parameter> parameters() {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        for (Part part : parts) {
            part.adapter()
                    .parameters()
                    .forEach((name, p) ->
                            all.put(part.path().isEmpty() ? name : part.path() + "." + name, p));
        }
        return all;
    }

    /** What is saved, by key as {@link #parameters}, in the current scope. */
    SequencedMap<String, Tensor> saved() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        parameters().forEach((key, p) -> all.put(key, p.value()));
        for (Part part : parts) {
            if (part.adapter() instanceof Converted c) {
                c.saved().forEach((name, t) -> all.put(part.path() + "." + name, t));
            }
        }
        return all;
    }

    /** The parts by the path of their module; a module with two has the later one here. */
    SequencedMap<String, Adapter> adapters() {
        SequencedMap<String, Adapter> all = new LinkedHashMap<>();
        parts.forEach(p -> all.put(p.path(), p.adapter()));
        return all;
    }

    /** Whether the model computes with it. */
    public boolean isActive() {
        return active;
    }

    /** Takes it up again, around those that are active now. */
    public void activate() {
        if (parts.stream()
                .anyMatch(p ->
                        p.adapter().parameters().values().stream().anyMatch(v -> !v.isBound()))) {
            throw new RequestException(
                    "activate: this adapter is closed; load it again from its folder");
        }
        if (!active) {
            parts.forEach(p -> p.host().attach(p.adapter()));
            active = true;
        }
    }

    /** Puts it aside; its values stay in memory. */
    public void deactivate() {
        if (active) {
            parts.forEach(p -> p.host().detach(p.adapter()));
            active = false;
        }
    }

    /** Makes its parameters trainable or constant. */
    public void freeze(boolean yes) {
        parameters().values().forEach(p -> p.trainable(!yes));
    }

    /** Takes it off the model and gives its memory back; the base model is as it was. */
    @Override
    public void close() {
        deactivate();
        parameters().values().forEach(Parameter::close);
        parts.forEach(part -> part.adapter().close());
        owned.forEach(Parameter::close);
    }
}
