package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.nn.Module;
import tools.jackson.databind.node.ObjectNode;

/**
 * LoRA (Hu et al. 2021): {@code y = W x + s B A drop(x)}, {@code s = alpha / rank}, or {@code alpha
 * / sqrt(rank)} where rank-stabilised (Kalajdzievski 2023).
 *
 * @param rank {@code r}
 * @param alpha {@code lora_alpha}
 * @param dropout {@code lora_dropout}, of the adapter's input alone
 * @param targets {@code target_modules} and what narrows them
 * @param saved what is trained as it is
 * @param options what is done beside
 * @param patterns other ranks and alphas for some layers
 */
public record Lora(
        int rank,
        double alpha,
        double dropout,
        LoraTargets targets,
        SavedModules saved,
        LoraOptions options,
        LoraPatterns patterns)
        implements PeftConfig {

    public Lora {
        if (rank < 1 || !(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException(
                    "LoRA: expected a rank of at least 1 and a dropout in [0, 1), got "
                            + rank
                            + " and "
                            + dropout);
        }
        if (options.start() == LoraStart.ORTHOGONAL && rank % 2 != 0) {
            throw new RequestException(
                    "LoRA: the orthogonal start takes an even rank, got " + rank);
        }
        if (options.start() == LoraStart.PISSA && options.dora()) {
            throw new RequestException("LoRA: init pissa and dora do not go together; use one");
        }
    }

    /** Without dropout and with nothing else trained. */
    public Lora(int rank, double alpha, LoraTargets targets) {
        this(rank, alpha, 0, targets, SavedModules.NONE, LoraOptions.NONE, LoraPatterns.NONE);
    }

    public Lora withDropout(double p) {
        return new Lora(rank, alpha, p, targets, saved, options, patterns);
    }

    public Lora withTargets(LoraTargets others) {
        return new Lora(rank, alpha, dropout, others, saved, options, patterns);
    }

    public Lora with(LoraOptions others) {
        return new Lora(rank, alpha, dropout, targets, saved, others, patterns);
    }

    public Lora with(LoraPatterns others) {
        return new Lora(rank, alpha, dropout, targets, saved, options, others);
    }

    public Lora with(SavedModules others) {
        return new Lora(rank, alpha, dropout, targets, others, options, patterns);
    }

    /** Trains these layers as a whole too; {@code tied} is {@link SavedModules#tied}. */
    public Lora withModulesToSave(List<String> modules, boolean tied) {
        return with(new SavedModules(modules, tied, saved.tokens()));
    }

    /** {@link SavedModules#names}. */
    public List<String> modulesToSave() {
        return saved.names();
    }

    /** {@link SavedModules#tied}. */
    public boolean ensureWeightTying() {
        return saved.tied();
    }

    /** {@link LoraOptions#rankStabilised}. */
    public boolean rankStabilised() {
        return options.rankStabilised();
    }

    /**
     * As the tensors of an adapter's file tell. PEFT trains a tied table in both places only where
     * it was asked for by the names {@code embed_tokens} or {@code lm_head}, and its configuration
     * does not keep which name it was; its file then has the table under both keys.
     */
    Lora asTensorsTell(CausalLM model, Predicate<String> hasTensor) {
        if (!ensureWeightTying()) {
            return this;
        }
        var parts = model.parts();
        boolean both =
                model.modules().entrySet().stream()
                        .filter(e ->
                                e.getValue() == parts.embedding() || e.getValue() == parts.head())
                        .allMatch(e -> hasTensor.test(e.getKey() + ".weight"));
        return withModulesToSave(modulesToSave(), both);
    }

    /** Reads {@code adapter_config.json}; what is not supported is refused by name. */
    public static Lora of(ConfigJson config) {
        return LoraJson.read(config);
    }

    @Override
    public ObjectNode toJson(CausalLM model, String base) {
        Lora told = options.start() == LoraStart.PISSA ? doubled() : this;
        return LoraJson.write(told, model, base);
    }

    @Override
    public Attached attachTo(CausalLM model, long seed) {
        return new LoraAttachment(this, model).attach(seed);
    }

    /** Twice the ranks at the same scale: what {@link PissaLayer} is saved as. */
    private Lora doubled() {
        double more = rankStabilised() ? Math.sqrt(2) : 2;
        SequencedMap<String, Integer> ranks = new LinkedHashMap<>();
        patterns.ranks().forEach((p, r) -> ranks.put(p, 2 * r));
        SequencedMap<String, Double> alphas = new LinkedHashMap<>();
        patterns.alphas().forEach((p, a) -> alphas.put(p, more * a));
        return new Lora(
                2 * rank,
                more * alpha,
                dropout,
                targets,
                saved,
                options.withStart(LoraStart.STANDARD),
                new LoraPatterns(ranks, alphas));
    }

    /** The rank at a module of this path. */
    public int rank(String path) {
        return patterns.rank(path, rank);
    }

    /** What {@code B A x} is multiplied by at a module of this path. */
    public double scale(String path) {
        double a = patterns.alpha(path, alpha);
        return rankStabilised() ? a / Math.sqrt(rank(path)) : a / rank(path);
    }

    /** The layers of a model that get an adapter, by path. */
    SequencedMap<String, Module> matched(CausalLM model) {
        return new LoraModules(this, model).adapted();
    }

    /** PEFT takes these for regular expressions. */
    static void requirePattern(String key, String regex) {
        PathPattern.require("LoRA: " + key, regex);
    }
}
