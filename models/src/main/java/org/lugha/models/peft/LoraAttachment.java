package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.layers.TrainedCopy;
import org.lugha.nn.Adapter;
import org.lugha.nn.Init;
import org.lugha.nn.LayerNorm;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.runtime.DType;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/** Finds the modules that a {@link Lora} means and attaches its adapters to them. */
final class LoraAttachment {
    private final Lora lora;
    private final CausalLM model;
    private final SequencedMap<String, Module> modules;

    LoraAttachment(Lora lora, CausalLM model) {
        this.lora = lora;
        this.model = model;
        this.modules = model.modules();
    }

    /** Makes the adapter of one layer, its matrices declared and without values. */
    interface Making {
        Adapter layer(Parameter a, Parameter b, double scale, double dropout, long site);
    }

    Attached attach(long seed) {
        return attach(lora, LoraLayer::new, seed);
    }

    /** As a method that is LoRA with layers of its own. */
    Attached attach(PeftConfig method, Making making, long seed) {
        SequencedMap<String, Linear> linears = linears();
        SequencedMap<String, Module> copies = copies();
        return Attached.make(
                method,
                model,
                all -> {
                    long site = 0;
                    for (Map.Entry<String, Linear> e : linears.entrySet()) {
                        attach(
                                all,
                                e.getKey(),
                                e.getValue(),
                                making,
                                site,
                                Philox.derive(seed, site));
                        site++;
                    }
                    Map<Parameter, Parameter> shared = new LinkedHashMap<>();
                    copies.forEach((path, m) -> copy(all, path, m, shared));
                });
    }

    /** The linear layers that get an adapter. */
    SequencedMap<String, Linear> linears() {
        SequencedMap<String, Linear> found = new LinkedHashMap<>();
        boolean all = lora.targets() instanceof LoraTargets.AllLinear;
        modules.forEach((path, m) -> {
            boolean output = m == model.parts().head();
            if (path.isEmpty() || lora.saves(path) || !lora.targets().matches(path)) {
                return;
            }
            if (m instanceof Linear l && !output) {
                found.put(path, l);
            } else if (!all) {
                throw new RequestException(
                        "LoRA: targets "
                                + lora.targets()
                                + " match "
                                + path
                                + ", which takes no low-rank adapter; name linear layers"
                                + " below the output layer, and put embeddings or"
                                + " lm_head into modules_to_save");
            }
        });
        if (found.isEmpty()) {
            throw new RequestException(
                    "LoRA: no linear layer matches "
                            + lora.targets()
                            + "; this model has "
                            + linearNames());
        }
        return found;
    }

    /** The layers trained as a whole, and with weight tying their twins. */
    private SequencedMap<String, Module> copies() {
        for (String name : lora.modulesToSave()) {
            if (modules.keySet().stream().noneMatch(p -> p.endsWith(name))) {
                throw new RequestException(
                        "LoRA: no module matches modules_to_save "
                                + name
                                + "; this model has "
                                + lastNames(modules));
            }
        }
        SequencedMap<String, Module> found = new LinkedHashMap<>();
        modules.forEach((path, m) -> {
            boolean wanted = inside(path) || (lora.ensureWeightTying() && isTwin(m));
            if (wanted && TrainedCopy.supports(m)) {
                found.put(path, m);
            }
        });
        return found;
    }

    /** Whether modules_to_save names this module or one around it. */
    private boolean inside(String path) {
        return modules.keySet().stream()
                .anyMatch(p -> lora.names(p) && (path.equals(p) || path.startsWith(p + ".")));
    }

    /** Whether this is an embedding or output layer whose tied other half is trained. */
    private boolean isTwin(Module m) {
        var parts = model.parts();
        if (!model.config().isTied() || (m != parts.head() && m != parts.embedding())) {
            return false;
        }
        return modules.entrySet().stream()
                .anyMatch(e ->
                        (e.getValue() == parts.head() || e.getValue() == parts.embedding())
                                && inside(e.getKey()));
    }

    private void attach(Attached all, String path, Linear l, Making making, long site, long seed) {
        int rank = lora.rank(path);
        Parameter a =
                new Parameter(
                        path + ".lora_A.weight",
                        Shape.of(rank, l.in()),
                        Init.uniform(1 / Math.sqrt(l.in())));
        Parameter b = new Parameter(path + ".lora_B.weight", Shape.of(l.out(), rank), Init.zeros());
        DType dtype = trainedType();
        all.add(path, l, making.layer(a, b, lora.scale(path), lora.dropout(), site));
        a.initialize(model.device(), dtype, seed);
        b.initialize(model.device(), dtype, seed);
    }

    private void copy(Attached all, String path, Module m, Map<Parameter, Parameter> shared) {
        refuseSecondCopy(path, m);
        Parameter weight =
                switch (m) {
                    case Linear l -> l.weight();
                    case org.lugha.nn.Embedding e -> e.weight();
                    case org.lugha.nn.RmsNorm n -> n.weight();
                    case LayerNorm n -> n.weight();
                    default -> throw new IllegalStateException(path);
                };
        Parameter bias =
                switch (m) {
                    case Linear l -> l.bias();
                    case LayerNorm n -> n.bias();
                    default -> null;
                };
        Parameter mine =
                lora.ensureWeightTying()
                        ? shared.computeIfAbsent(weight, w -> declared(path + ".weight", w))
                        : declared(path + ".weight", weight);
        Parameter myBias = bias == null ? null : declared(path + ".bias", bias);
        all.add(path, m, new TrainedCopy(m, mine, myBias));
        try (var _ = Scope.open("copy " + path)) {
            copy(m instanceof Linear l ? l.denseWeight() : weight.value(), mine);
            if (bias != null) {
                copy(bias.value(), myBias);
            }
        }
    }

    /** The later copy would hide the earlier one. */
    private static void refuseSecondCopy(String path, Module m) {
        if (m.adapters().stream().anyMatch(TrainedCopy.class::isInstance)) {
            throw new RequestException(
                    "LoRA: another adapter that is active has a copy of "
                            + path
                            + " too; deactivate that one, or merge it first");
        }
    }

    private static Parameter declared(String name, Parameter like) {
        return new Parameter(name, like.shape(), Init.zeros());
    }

    private void copy(Tensor from, Parameter to) {
        if (!to.isBound()) { // else shared with another layer
            to.bind(from.copy(trainedType()));
        }
    }

    /** F32 beside a narrower model, so that small updates are not lost. */
    private DType trainedType() {
        return model.dtype().wide();
    }

    private Set<String> linearNames() {
        SequencedMap<String, Module> linear = new LinkedHashMap<>();
        modules.forEach((path, m) -> {
            if (m instanceof Linear && m != model.parts().head()) {
                linear.put(path, m);
            }
        });
        return lastNames(linear);
    }

    private static Set<String> lastNames(SequencedMap<String, Module> modules) {
        Set<String> names = new TreeSet<>();
        for (String path : modules.keySet()) {
            String last = path.substring(path.lastIndexOf('.') + 1);
            if (!last.isEmpty() && !Character.isDigit(last.charAt(0))) {
                names.add(last);
            }
        }
        return names;
    }
}
