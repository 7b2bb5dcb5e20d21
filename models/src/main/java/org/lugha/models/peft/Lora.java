package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.nn.Linear;
import tools.jackson.databind.node.ObjectNode;

/**
 * LoRA (Hu et al. 2021): {@code y = W x + s B A drop(x)}, {@code s = alpha / rank}, or {@code alpha
 * / sqrt(rank)} where rank-stabilised (Kalajdzievski 2023). A begins uniform in {@code +-1 /
 * sqrt(in)}, B at 0.
 *
 * @param rank {@code r}
 * @param alpha {@code lora_alpha}
 * @param dropout {@code lora_dropout}, of the adapter's input alone
 * @param targets {@code target_modules}
 * @param modulesToSave {@code modules_to_save}: layers trained as a whole, such as {@code
 *     embed_tokens} and {@code lm_head}; matched by the end of their path
 * @param rankStabilised {@code use_rslora}
 * @param ensureWeightTying {@code ensure_weight_tying}: in a model with one table for input and
 *     output, training it in {@code modulesToSave} trains it in both places. Without it, as PEFT
 *     does by default, each place trains a copy of its own, or stays frozen
 * @param rankPattern {@code rank_pattern}: another rank where a regular expression matches the end
 *     of the path
 * @param alphaPattern {@code alpha_pattern}, likewise
 */
public record Lora(
        int rank,
        double alpha,
        double dropout,
        LoraTargets targets,
        List<String> modulesToSave,
        boolean rankStabilised,
        boolean ensureWeightTying,
        SequencedMap<String, Integer> rankPattern,
        SequencedMap<String, Double> alphaPattern)
        implements PeftConfig {

    public Lora {
        if (rank < 1 || !(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException(
                    "LoRA: expected a rank of at least 1 and a dropout in [0, 1), got "
                            + "%d and %s".formatted(rank, dropout));
        }
        modulesToSave = List.copyOf(modulesToSave);
        modulesToSave.forEach(m -> requirePattern("modules_to_save", m));
        rankPattern.keySet().forEach(p -> requirePattern("rank_pattern", p));
        alphaPattern.keySet().forEach(p -> requirePattern("alpha_pattern", p));
        rankPattern = new LinkedHashMap<>(rankPattern);
        alphaPattern = new LinkedHashMap<>(alphaPattern);
    }

    /** Without dropout and with nothing else trained. */
    public Lora(int rank, double alpha, LoraTargets targets) {
        this(
                rank,
                alpha,
                0,
                targets,
                List.of(),
                false,
                false,
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
    }

    public Lora withDropout(double p) {
        return new Lora(
                rank,
                alpha,
                p,
                targets,
                modulesToSave,
                rankStabilised,
                ensureWeightTying,
                rankPattern,
                alphaPattern);
    }

    /** Trains these layers as a whole too; {@code tied} is {@link #ensureWeightTying}. */
    public Lora withModulesToSave(List<String> modules, boolean tied) {
        return new Lora(
                rank,
                alpha,
                dropout,
                targets,
                modules,
                rankStabilised,
                tied,
                rankPattern,
                alphaPattern);
    }

    /**
     * As the tensors of an adapter's file tell. PEFT trains a tied table in both places only where
     * it was asked for by the names {@code embed_tokens} or {@code lm_head}, and its configuration
     * does not keep which name it was; its file then has the table under both keys.
     */
    Lora asTensorsTell(CausalLM model, Predicate<String> hasTensor) {
        if (!ensureWeightTying) {
            return this;
        }
        var parts = model.parts();
        boolean both =
                model.modules().entrySet().stream()
                        .filter(e ->
                                e.getValue() == parts.embedding() || e.getValue() == parts.head())
                        .allMatch(e -> hasTensor.test(e.getKey() + ".weight"));
        return withModulesToSave(modulesToSave, both);
    }

    /** Reads {@code adapter_config.json}; what is not supported is refused by name. */
    public static Lora of(ConfigJson config) {
        return LoraJson.read(config);
    }

    @Override
    public ObjectNode toJson(CausalLM model, String base) {
        return LoraJson.write(this, model, base);
    }

    @Override
    public Attached attachTo(CausalLM model, long seed) {
        return new LoraAttachment(this, model).attach(seed);
    }

    /** The rank at a module of this path. */
    public int rank(String path) {
        return pattern(rankPattern, path, rank);
    }

    /** What {@code B A x} is multiplied by at a module of this path. */
    public double scale(String path) {
        double a = pattern(alphaPattern, path, alpha);
        return rankStabilised ? a / Math.sqrt(rank(path)) : a / rank(path);
    }

    /** The linear layers of a model that get an adapter, by path. */
    SequencedMap<String, Linear> matched(CausalLM model) {
        return new LoraAttachment(this, model).linears();
    }

    /** Whether {@code modules_to_save} has a module or one around it. */
    boolean saves(String path) {
        return modulesToSave.stream()
                .anyMatch(m -> Pattern.matches("(^|.*\\.)" + m + "($|\\..*)", path));
    }

    /** Whether {@code modules_to_save} names this module itself, as PEFT compares. */
    boolean names(String path) {
        return !path.isEmpty() && modulesToSave.stream().anyMatch(path::endsWith);
    }

    /** PEFT takes these for regular expressions. */
    private static void requirePattern(String key, String regex) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new RequestException(
                    "LoRA: "
                            + key
                            + ": expected names or regular expressions, got '"
                            + regex
                            + "' ("
                            + e.getDescription()
                            + ")",
                    e);
        }
    }

    private static <V> V pattern(Map<String, V> patterns, String path, V otherwise) {
        return patterns.entrySet().stream()
                .filter(e -> Pattern.matches("(.*\\.)?(" + e.getKey() + ")", path))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }
}
