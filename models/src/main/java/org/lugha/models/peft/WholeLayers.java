package org.lugha.models.peft;

import java.util.List;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.layers.TrainedCopy;
import org.lugha.nn.Embedding;
import org.lugha.nn.Init;
import org.lugha.nn.LayerNorm;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.RmsNorm;
import org.lugha.runtime.Scope;

/**
 * {@code modules_to_save}: layers trained as a whole, each in its own place, tied or not.
 *
 * @param names matched by the end of a path, as PEFT does; a module with children means these
 */
record WholeLayers(List<String> names) {
    WholeLayers {
        names = List.copyOf(names);
    }

    /** Whether a module is trained as a whole, so that no other adapter is put on it. */
    boolean has(String path) {
        return names.stream().anyMatch(n -> path.endsWith(n) || path.contains(n + "."));
    }

    void attachTo(Attached all, CausalLM model, String method) {
        SequencedMap<String, Module> modules = model.modules();
        for (String name : names) {
            if (modules.keySet().stream().noneMatch(p -> p.endsWith(name))) {
                throw new RequestException(method + ": no module matches modules_to_save " + name);
            }
        }
        modules.forEach((path, m) -> {
            boolean wanted =
                    modules.keySet().stream()
                            .anyMatch(p -> named(p) && (path + ".").startsWith(p + "."));
            if (wanted && TrainedCopy.supports(m)) {
                copy(all, path, m, model);
            }
        });
    }

    private boolean named(String path) {
        return !path.isEmpty() && names.stream().anyMatch(path::endsWith);
    }

    private static void copy(Attached all, String path, Module m, CausalLM model) {
        if (m.adapters().stream().anyMatch(TrainedCopy.class::isInstance)) {
            throw new RequestException(
                    "modules_to_save: another adapter that is active has a copy of "
                            + path
                            + " too; deactivate that one, or merge it first");
        }
        Parameter weight =
                switch (m) {
                    case Linear l -> l.weight();
                    case Embedding e -> e.weight();
                    case RmsNorm n -> n.weight();
                    case LayerNorm n -> n.weight();
                    default -> throw new IllegalStateException(path);
                };
        Parameter bias =
                switch (m) {
                    case Linear l -> l.bias();
                    case LayerNorm n -> n.bias();
                    default -> null;
                };
        Parameter mine = declared(path + ".weight", weight);
        Parameter myBias = bias == null ? null : declared(path + ".bias", bias);
        all.add(path, m, new TrainedCopy(m, mine, myBias));
        fill(mine, weight, model);
        if (bias != null) {
            fill(myBias, bias, model);
        }
    }

    private static Parameter declared(String name, Parameter like) {
        return new Parameter(name, like.shape(), Init.zeros());
    }

    private static void fill(Parameter mine, Parameter from, CausalLM model) {
        try (var _ = Scope.open("copy " + mine.name())) {
            mine.bind(from.value().copy(model.dtype().wide()));
        }
    }
}
