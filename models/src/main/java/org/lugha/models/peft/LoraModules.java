package org.lugha.models.peft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.layers.TrainedCopy;
import org.lugha.nn.Embedding;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;

/** Which modules of a model a {@link Lora} means, by PEFT's rules. */
final class LoraModules {
    private final Lora lora;
    private final CausalLM model;
    private final SequencedMap<String, Module> modules;

    LoraModules(Lora lora, CausalLM model) {
        this.lora = lora;
        this.model = model;
        this.modules = model.modules();
    }

    /** The layers that get a low-rank adapter: linear ones, and embeddings where named. */
    SequencedMap<String, Module> adapted() {
        SequencedMap<String, Module> found = new LinkedHashMap<>();
        boolean all = lora.targets().isAllLinear();
        modules.forEach((path, m) -> {
            if (path.isEmpty() || lora.saved().around(path) || !lora.targets().matches(path)) {
                return;
            }
            boolean linear = m instanceof Linear && !(all && m == model.parts().head());
            if (linear || (m instanceof Embedding && !all)) {
                found.put(path, m);
            } else if (!all) {
                throw new RequestException(
                        "LoRA: targets "
                                + lora.targets()
                                + " match "
                                + path
                                + ", which takes no low-rank adapter; name linear layers or"
                                + " embeddings");
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
    SequencedMap<String, Module> copied() {
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

    /** The tables with rows that are trained alone, and which rows. */
    SequencedMap<String, List<Integer>> tables() {
        SequencedMap<String, List<Integer>> found = new LinkedHashMap<>();
        lora.saved()
                .tokens()
                .forEach((name, ids) -> {
                    List<String> paths = new ArrayList<>();
                    modules.forEach((path, m) -> {
                        boolean table = m instanceof Embedding || m == model.parts().head();
                        boolean named = path.equals(name) || path.endsWith("." + name);
                        if (table && (name.isEmpty() ? m == model.parts().embedding() : named)) {
                            paths.add(path);
                        }
                    });
                    if (paths.isEmpty()) {
                        throw new RequestException(
                                "LoRA: trainable_token_indices: no table is named "
                                        + name
                                        + "; the input embedding is "
                                        + pathOf(model.parts().embedding()));
                    }
                    requireIds(ids);
                    paths.forEach(p -> found.put(p, ids));
                });
        return found;
    }

    private void requireIds(List<Integer> ids) {
        boolean all = ids.stream().allMatch(i -> i >= 0 && i < model.vocabularySize());
        if (!all || ids.isEmpty() || Set.copyOf(ids).size() != ids.size()) {
            throw new RequestException(
                    "LoRA: trainable_token_indices: expected ids below "
                            + model.vocabularySize()
                            + ", each once, got "
                            + ids);
        }
    }

    String pathOf(Module module) {
        return modules.entrySet().stream()
                .filter(e -> e.getValue().equals(module))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** Whether modules_to_save names this module or one around it. */
    private boolean inside(String path) {
        return modules.keySet().stream()
                .anyMatch(
                        p -> lora.saved().names(p) && (path.equals(p) || path.startsWith(p + ".")));
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
