package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.nn.Linear;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@link Lora} as PEFT's {@code adapter_config.json}. */
final class LoraJson {
    /** Keys that are read. */
    private static final Set<String> READ =
            Set.of(
                    "peft_type",
                    "r",
                    "lora_alpha",
                    "lora_dropout",
                    "target_modules",
                    "modules_to_save",
                    "use_rslora",
                    "ensure_weight_tying",
                    "rank_pattern",
                    "alpha_pattern");

    /** Keys that change nothing here: origin, bookkeeping, and settings of methods not in use. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "auto_mapping",
                    "base_model_name_or_path",
                    "fan_in_fan_out", // a layer's own weight tells; PEFT corrects it likewise
                    "inference_mode",
                    "megatron_core",
                    "peft_version",
                    "qalora_group_size",
                    "revision",
                    "runtime_config",
                    "task_type");

    private LoraJson() {}

    static Lora read(ConfigJson j) {
        j.root().forEachEntry((key, value) -> refuse(j, key, value));
        return new Lora(
                j.size("r", 8),
                j.number("lora_alpha", 8),
                j.number("lora_dropout", 0),
                LoraTargets.read(j, "target_modules"),
                j.texts("modules_to_save"),
                j.flag("use_rslora", false),
                j.flag("ensure_weight_tying", false),
                ranks(j),
                alphas(j));
    }

    /** Whatever is on and not known would change the results. */
    private static void refuse(ConfigJson j, String key, JsonNode value) {
        boolean off =
                value.isNull()
                        || (value.isBoolean() && !value.booleanValue())
                        || (value.isContainer() && value.isEmpty())
                        || (key.equals("bias") && value.asString().equals("none"))
                        || (key.equals("init_lora_weights") && keepsBase(value));
        if (!off && !READ.contains(key) && !WITHOUT_EFFECT.contains(key)) {
            throw j.fail(key, "it absent or off, the only value supported", value.toString());
        }
    }

    /** Some initialisations change the base model's weights: their adapters do not fit it. */
    private static boolean keepsBase(JsonNode init) {
        return init.isBoolean() || Set.of("gaussian", "orthogonal").contains(init.asString());
    }

    private static SequencedMap<String, Integer> ranks(ConfigJson j) {
        SequencedMap<String, Integer> all = new LinkedHashMap<>();
        j.object("rank_pattern")
                .ifPresent(o -> o.root().propertyNames().forEach(k -> all.put(k, o.size(k))));
        return all;
    }

    private static SequencedMap<String, Double> alphas(ConfigJson j) {
        SequencedMap<String, Double> all = new LinkedHashMap<>();
        j.object("alpha_pattern")
                .ifPresent(o -> o.root().propertyNames().forEach(k -> all.put(k, o.number(k))));
        return all;
    }

    static ObjectNode write(Lora c, CausalLM model, String base) {
        ObjectNode j = JsonNodeFactory.instance.objectNode();
        j.put("base_model_name_or_path", base);
        j.put("bias", "none");
        if (c.ensureWeightTying()) { // a key that PEFT before 0.18 does not know
            j.put("ensure_weight_tying", true);
        }
        j.put("fan_in_fan_out", isInOut(c, model));
        j.put("inference_mode", true);
        j.put("init_lora_weights", true);
        number(j, "lora_alpha", c.alpha());
        j.put("lora_dropout", c.dropout());
        modulesToSave(j, c);
        j.put("peft_type", "LORA");
        j.put("r", c.rank());
        ObjectNode ranks = j.putObject("rank_pattern");
        c.rankPattern().forEach(ranks::put);
        ObjectNode alphas = j.putObject("alpha_pattern");
        c.alphaPattern().forEach((k, v) -> number(alphas, k, v));
        targets(j, c, model);
        j.put("task_type", "CAUSAL_LM");
        j.put("use_dora", false);
        j.put("use_rslora", c.rankStabilised());
        return j;
    }

    /** Whether the layers with an adapter keep their weights {@code [in, out]}, as Conv1D does. */
    private static boolean isInOut(Lora c, CausalLM model) {
        return c.matched(model).values().stream().anyMatch(Linear::isInOut);
    }

    private static void targets(ObjectNode j, Lora c, CausalLM model) {
        switch (c.targets()) {
            case LoraTargets.Regex(String regex) -> j.put("target_modules", regex);
            case LoraTargets.Names(List<String> names) ->
                    texts(j.putArray("target_modules"), names);
            // Spelled out: not every reader knows the short form.
            case LoraTargets.AllLinear() -> {
                Set<String> last = new TreeSet<>();
                for (String path : c.matched(model).keySet()) {
                    last.add(path.substring(path.lastIndexOf('.') + 1));
                }
                texts(j.putArray("target_modules"), last);
            }
        }
    }

    private static void modulesToSave(ObjectNode j, Lora c) {
        List<String> names = c.modulesToSave();
        if (names.isEmpty()) {
            j.putNull("modules_to_save");
            return;
        }
        ArrayNode all = j.putArray("modules_to_save");
        texts(all, names);
        // PEFT ties tables by these two names alone, whatever the model calls them.
        boolean named = names.contains("embed_tokens") || names.contains("lm_head");
        if (c.ensureWeightTying() && !named) {
            all.add("lm_head");
        }
    }

    private static void texts(ArrayNode array, Iterable<String> texts) {
        texts.forEach(array::add);
    }

    /** PEFT declares alpha a whole number; others stay as they are. */
    private static void number(ObjectNode j, String key, double value) {
        if (value == Math.rint(value)) {
            j.put(key, (long) value);
        } else {
            j.put(key, value);
        }
    }
}
