package org.lugha.models.peft;

import java.util.Arrays;
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
import tools.jackson.databind.node.NullNode;
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
                    "alpha_pattern",
                    "exclude_modules",
                    "layers_to_transform",
                    "layers_pattern",
                    "use_dora",
                    "bias",
                    "lora_bias",
                    "trainable_token_indices");

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

    private static final int MOST_RANK = 1 << 16;

    private LoraJson() {}

    static Lora read(ConfigJson j) {
        j.root().forEachEntry((key, value) -> refuse(j, key, value));
        return new Lora(
                rank(j, "r"),
                j.number("lora_alpha", 8),
                j.probability("lora_dropout", 0),
                targets(j),
                new SavedModules(
                        j.texts("modules_to_save"),
                        j.flag("ensure_weight_tying", false),
                        tokens(j)),
                new LoraOptions(
                        j.flag("use_rslora", false),
                        j.flag("use_dora", false),
                        biases(j),
                        j.flag("lora_bias", false),
                        LoraStart.STANDARD),
                new LoraPatterns(ranks(j), alphas(j)));
    }

    private static LoraTargets targets(ConfigJson j) {
        LoraTargets all = LoraTargets.read(j, "target_modules");
        JsonNode exclude = j.get("exclude_modules").orElse(NullNode.instance);
        List<Integer> layers = integers(j, "layers_to_transform");
        if (exclude.isNull() && layers.isEmpty()) {
            return all;
        }
        return new LoraTargets.Narrowed(
                all,
                exclude.isNull() || exclude.isEmpty() && exclude.isContainer()
                        ? null
                        : LoraTargets.read(j, "exclude_modules"),
                layers,
                j.get("layers_pattern").map(p -> p.isString()).orElse(false)
                        ? List.of(j.text("layers_pattern", ""))
                        : j.texts("layers_pattern"));
    }

    private static LoraOptions.Biases biases(ConfigJson j) {
        String said = j.text("bias", "none");
        return Arrays.stream(LoraOptions.Biases.values())
                .filter(b -> b.toString().equals(said))
                .findFirst()
                .orElseThrow(() -> j.fail("bias", "none, all or lora_only", said));
    }

    /** A list is meant for the input embedding; a mapping names tables. */
    private static SequencedMap<String, List<Integer>> tokens(ConfigJson j) {
        SequencedMap<String, List<Integer>> all = new LinkedHashMap<>();
        JsonNode said = j.get("trainable_token_indices").orElse(NullNode.instance);
        if (said.isObject()) {
            ConfigJson tables = j.object("trainable_token_indices").orElseThrow();
            said.propertyNames().forEach(name -> all.put(name, integers(tables, name)));
        } else if (!said.isNull()) {
            all.put("", integers(j, "trainable_token_indices"));
        }
        return all;
    }

    /** One number or a list of them; nothing is an empty list. */
    private static List<Integer> integers(ConfigJson j, String key) {
        JsonNode said = j.get(key).orElse(NullNode.instance);
        List<JsonNode> values =
                said.isNull()
                        ? List.of()
                        : said.isArray() ? List.copyOf(said.values()) : List.of(said);
        if (!values.stream().allMatch(v -> v.isIntegralNumber() && v.canConvertToInt())) {
            throw j.fail(key, "whole numbers", said.toString());
        }
        return values.stream().map(JsonNode::intValue).toList();
    }

    /** Whatever is on and not known would change the results. */
    private static void refuse(ConfigJson j, String key, JsonNode value) {
        boolean off =
                value.isNull()
                        || (value.isBoolean() && !value.booleanValue())
                        || (value.isContainer() && value.isEmpty())
                        || (key.equals("init_lora_weights") && keepsBase(value));
        if (!off && !READ.contains(key) && !WITHOUT_EFFECT.contains(key)) {
            throw j.fail(key, "it absent or off, the only value supported", value.toString());
        }
    }

    /** Some initialisations change the base model's weights: their adapters do not fit it. */
    private static boolean keepsBase(JsonNode init) {
        return init.isBoolean() || Set.of("gaussian", "orthogonal").contains(init.asString());
    }

    /** A rank that matrices of any model can have. */
    private static int rank(ConfigJson j, String key) {
        int rank = j.size(key, 8);
        if (rank > MOST_RANK) {
            throw j.fail(key, "a rank of at most " + MOST_RANK, "" + rank);
        }
        return rank;
    }

    private static SequencedMap<String, Integer> ranks(ConfigJson j) {
        SequencedMap<String, Integer> all = new LinkedHashMap<>();
        j.object("rank_pattern")
                .ifPresent(o -> o.root().propertyNames().forEach(k -> all.put(k, rank(o, k))));
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
        LoraOptions options = c.options();
        j.put("bias", options.bias().toString());
        if (c.ensureWeightTying()) { // a key that PEFT before 0.18 does not know
            j.put("ensure_weight_tying", true);
        }
        j.put("fan_in_fan_out", isInOut(c, model));
        j.put("inference_mode", true);
        j.put("init_lora_weights", true);
        number(j, "lora_alpha", c.alpha());
        if (options.outputBias()) { // a key that older readers do not know
            j.put("lora_bias", true);
        }
        j.put("lora_dropout", c.dropout());
        modulesToSave(j, c);
        j.put("peft_type", "LORA");
        j.put("r", c.rank());
        ObjectNode ranks = j.putObject("rank_pattern");
        c.patterns().ranks().forEach(ranks::put);
        ObjectNode alphas = j.putObject("alpha_pattern");
        c.patterns().alphas().forEach((k, v) -> number(alphas, k, v));
        targets(j, c.targets(), c, model);
        j.put("task_type", "CAUSAL_LM");
        tokens(j, c);
        j.put("use_dora", options.dora());
        j.put("use_rslora", c.rankStabilised());
        return j;
    }

    /** Whether the layers with an adapter keep their weights {@code [in, out]}, as Conv1D does. */
    private static boolean isInOut(Lora c, CausalLM model) {
        return c.matched(model).values().stream()
                .anyMatch(m -> m instanceof Linear l && l.isInOut());
    }

    private static void targets(ObjectNode j, LoraTargets targets, Lora c, CausalLM model) {
        switch (targets) {
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
            case LoraTargets.Narrowed n -> {
                targets(j, n.targets(), c, model);
                switch (n.exclude()) {
                    case null -> {}
                    case LoraTargets.Regex(String regex) -> j.put("exclude_modules", regex);
                    case LoraTargets.Names(List<String> names) ->
                            texts(j.putArray("exclude_modules"), names);
                    default -> throw new IllegalStateException(n.toString());
                }
                if (!n.layers().isEmpty()) {
                    ArrayNode layers = j.putArray("layers_to_transform");
                    n.layers().forEach(layers::add);
                    texts(j.putArray("layers_pattern"), n.patterns());
                }
            }
        }
    }

    private static void tokens(ObjectNode j, Lora c) {
        var tokens = c.saved().tokens();
        if (tokens.containsKey("")) {
            ArrayNode ids = j.putArray("trainable_token_indices");
            tokens.get("").forEach(ids::add);
        } else if (!tokens.isEmpty()) {
            ObjectNode tables = j.putObject("trainable_token_indices");
            tokens.forEach((name, ids) -> {
                ArrayNode all = tables.putArray(name);
                ids.forEach(all::add);
            });
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
