package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.nn.Init;
import org.lugha.nn.LayerNorm;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * BitFit (Ben Zaken et al. 2022): biases alone are trained, of linear layers and of norms. What is
 * trained and stored is what is added to each, {@code <path>.bias_delta}, so that it stacks and
 * merges as others do; the steps are those of the biases themselves. A format of our own, since
 * PEFT has none.
 *
 * @param targets whose biases
 */
public record BitFit(LoraTargets targets) implements PeftConfig {
    /** {@code peft_type}. */
    public static final String TYPE = "BITFIT";

    /** Every bias there is. */
    public BitFit() {
        this(LoraTargets.matching(".*"));
    }

    /** Reads {@code adapter_config.json}. */
    public static BitFit of(ConfigJson j) {
        KnownKeys.refuseOthers(j, Set.of("target_modules"));
        return new BitFit(LoraTargets.read(j, "target_modules"));
    }

    /** The layers whose biases are trained, by path. */
    public SequencedMap<String, Parameter> matched(CausalLM model) {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        SequencedMap<String, Parameter> found = new LinkedHashMap<>();
        model.modules()
                .forEach((path, m) -> {
                    Parameter bias = bias(m);
                    if (bias != null) {
                        all.put(path, bias);
                        if (targets.matches(path)) {
                            found.put(path, bias);
                        }
                    }
                });
        if (found.isEmpty()) {
            throw new RequestException(
                    all.isEmpty()
                            ? "BitFit: model_type "
                                    + model.config().modelType()
                                    + " with this configuration has no bias to train; use LoRA or"
                                    + " IA3"
                            : "BitFit: no layer with a bias matches "
                                    + targets
                                    + "; this model has "
                                    + all.keySet().stream()
                                            .map(p -> p.substring(p.lastIndexOf('.') + 1))
                                            .distinct()
                                            .sorted()
                                            .toList());
        }
        return found;
    }

    private static Parameter bias(Module m) {
        return switch (m) {
            case Linear l -> l.bias();
            case LayerNorm n -> n.bias();
            default -> null;
        };
    }

    @Override
    public Attached attachTo(CausalLM model, long seed) {
        SequencedMap<String, Parameter> biases = matched(model);
        var modules = model.modules();
        return Attached.make(
                this,
                model,
                all ->
                        biases.forEach((path, bias) -> {
                            Parameter delta =
                                    new Parameter(path + ".bias_delta", bias.shape(), Init.zeros());
                            all.add(path, modules.get(path), new BiasDelta(delta));
                            delta.initialize(model.device(), model.dtype().wide(), seed);
                        }));
    }

    @Override
    public ObjectNode toJson(CausalLM model, String base) {
        ObjectNode j = JsonNodeFactory.instance.objectNode();
        j.put("base_model_name_or_path", base);
        j.put("inference_mode", true);
        j.put("peft_type", TYPE);
        switch (targets) {
            case LoraTargets.Names(List<String> names) ->
                    names.forEach(j.putArray("target_modules")::add);
            case LoraTargets.Regex(String regex) -> j.put("target_modules", regex);
            default -> matched(model).keySet().forEach(j.putArray("target_modules")::add);
        }
        j.put("task_type", "CAUSAL_LM");
        return j;
    }
}
