package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.nn.Init;
import org.lugha.nn.Linear;
import org.lugha.runtime.Shape;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * (IA)^3 (Liu et al. 2022): learned factors, 1 at first, of what linear layers give, {@code y = l *
 * (W x + b)}, and of what those of the feed-forward take, {@code y = W (l * x) + b}.
 *
 * @param targets {@code target_modules}
 * @param feedforward {@code feedforward_modules}, a part of the targets; names match the end of a
 *     path
 * @param modulesToSave {@code modules_to_save}: layers trained as a whole
 */
public record Ia3(LoraTargets targets, LoraTargets feedforward, List<String> modulesToSave)
        implements PeftConfig {
    private static final Set<String> KEYS =
            Set.of(
                    "target_modules",
                    "feedforward_modules",
                    "modules_to_save",
                    "fan_in_fan_out", // a layer's own weight tells; PEFT corrects it likewise
                    "init_ia3_weights");

    public Ia3 {
        modulesToSave = List.copyOf(modulesToSave);
    }

    /** With nothing else trained. */
    public Ia3(LoraTargets targets, LoraTargets feedforward) {
        this(targets, feedforward, List.of());
    }

    /** Keys, values and what the feed-forward takes last, by the names of all families. */
    public static Ia3 usual() {
        return new Ia3(
                LoraTargets.names(
                        "k_proj",
                        "v_proj",
                        "down_proj",
                        "c_attn",
                        "mlp.c_proj",
                        "query_key_value",
                        "mlp.dense_4h_to_h"),
                LoraTargets.names("down_proj", "mlp.c_proj", "mlp.dense_4h_to_h"));
    }

    /** Reads {@code adapter_config.json}. */
    public static Ia3 of(ConfigJson j) {
        KnownKeys.refuseOthers(j, KEYS);
        LoraTargets none = LoraTargets.names();
        return new Ia3(
                LoraTargets.read(j, "target_modules"),
                j.get("feedforward_modules").isPresent()
                        ? LoraTargets.read(j, "feedforward_modules")
                        : none,
                j.texts("modules_to_save"));
    }

    /** The linear layers that get factors, by path, and whether theirs are of the input. */
    public SequencedMap<String, Boolean> matched(CausalLM model) {
        WholeLayers saved = new WholeLayers(modulesToSave);
        SequencedMap<String, Boolean> found = new LinkedHashMap<>();
        Set<String> there = new TreeSet<>();
        model.modules()
                .forEach((path, m) -> {
                    if (m instanceof Linear && m != model.parts().head()) {
                        there.add(path.substring(path.lastIndexOf('.') + 1));
                        if (targets.matches(path) && !saved.has(path)) {
                            found.put(path, isFeedforward(path));
                        }
                    }
                });
        if (found.isEmpty()) {
            throw new RequestException(
                    "IA3: no linear layer matches " + targets + "; this model has " + there);
        }
        return found;
    }

    /** As PEFT compares: without the dot that targets need before a name. */
    private boolean isFeedforward(String path) {
        return switch (feedforward) {
            case LoraTargets.Names(List<String> names) -> names.stream().anyMatch(path::endsWith);
            default -> feedforward.matches(path);
        };
    }

    @Override
    public Attached attachTo(CausalLM model, long seed) {
        SequencedMap<String, Boolean> layers = matched(model);
        var modules = model.modules();
        return Attached.make(
                this,
                model,
                all -> {
                    layers.forEach(
                            (path, input) -> attach(all, path, (Linear) modules.get(path), input));
                    new WholeLayers(modulesToSave).attachTo(all, model, "IA3");
                });
    }

    private static void attach(Attached all, String path, Linear host, boolean input) {
        Shape shape = input ? Shape.of(1, host.in()) : Shape.of(host.out(), 1);
        Parameter l = new Parameter(path + ".ia3_l", shape, Init.ones());
        all.add(path, host, new Ia3Layer(l, input));
        l.initialize(all.model().device(), all.model().dtype().wide(), 0);
    }

    @Override
    public ObjectNode toJson(CausalLM model, String base) {
        SequencedMap<String, Boolean> layers = matched(model);
        var modules = model.modules();
        boolean inOut = layers.keySet().stream().anyMatch(p -> ((Linear) modules.get(p)).isInOut());
        ObjectNode j = JsonNodeFactory.instance.objectNode();
        j.put("base_model_name_or_path", base);
        j.put("fan_in_fan_out", inOut);
        write(j, "feedforward_modules", feedforward, layers);
        j.put("inference_mode", true);
        j.put("init_ia3_weights", true);
        if (modulesToSave.isEmpty()) {
            j.putNull("modules_to_save");
        } else {
            modulesToSave.forEach(j.putArray("modules_to_save")::add);
        }
        j.put("peft_type", "IA3");
        write(j, "target_modules", targets, layers);
        j.put("task_type", "CAUSAL_LM");
        return j;
    }

    /** Names that mean something in this model; PEFT wants feed-forwards to be among targets. */
    private static void write(
            ObjectNode j, String key, LoraTargets targets, SequencedMap<String, Boolean> layers) {
        switch (targets) {
            case LoraTargets.Regex(String regex) -> j.put(key, regex);
            case LoraTargets.Names(List<String> names) ->
                    names.stream()
                            .filter(n -> layers.keySet().stream().anyMatch(p -> ends(p, n)))
                            .forEach(j.putArray(key)::add);
            default -> {
                Set<String> last = new TreeSet<>();
                layers.keySet().forEach(p -> last.add(p.substring(p.lastIndexOf('.') + 1)));
                last.forEach(j.putArray(key)::add);
            }
        }
    }

    private static boolean ends(String path, String name) {
        return path.equals(name) || path.endsWith("." + name);
    }
}
