package org.lugha.models.peft;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFiles;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.SafeTensors;
import org.lugha.models.checkpoint.Source;
import org.lugha.models.checkpoint.Staged;
import org.lugha.runtime.Scope;

/**
 * Adapters in PEFT's own layout: {@code adapter_config.json} and {@code adapter_model.safetensors}
 * with keys {@code base_model.model.<path>.lora_A.weight}; PEFT loads what is written here and the
 * other way round.
 */
public final class PeftFiles {
    public static final String CONFIG = "adapter_config.json";
    public static final String WEIGHTS = "adapter_model.safetensors";

    private PeftFiles() {}

    /** The method that a folder's {@code adapter_config.json} describes. */
    public static PeftConfig read(Path folder) {
        if (!Files.isRegularFile(folder.resolve(CONFIG))) {
            throw new RequestException(
                    "load adapter "
                            + folder
                            + ": expected a folder with "
                            + CONFIG
                            + " and "
                            + WEIGHTS
                            + ", there is no "
                            + CONFIG);
        }
        ConfigJson config = ConfigJson.read(folder.resolve(CONFIG));
        String type = config.text("peft_type", null);
        return switch (type) {
            case "LORA" -> DyLora.of(Lora.of(config), folder);
            case "IA3" -> Ia3.of(config);
            case "PROMPT_TUNING" -> PromptTuning.of(config);
            case "PREFIX_TUNING" -> PrefixTuning.of(config);
            case BitFit.TYPE -> BitFit.of(config);
            case BottleneckAdapters.TYPE -> BottleneckJson.read(config);
            case null, default ->
                    throw config.fail(
                            "peft_type",
                            "one of LORA, IA3, PROMPT_TUNING, PREFIX_TUNING, BITFIT, BOTTLENECK",
                            String.valueOf(type));
        };
    }

    /**
     * Attaches the adapter of a folder, for inference or as the start of a training.
     *
     * @throws RequestException naming every tensor that is missing, unexpected or mis-shaped
     */
    public static Attached loadInto(CausalLM model, Path folder) {
        return loadInto(model, folder, UnaryOperator.identity());
    }

    /** As {@link #loadInto(CausalLM, Path)} with what the folder describes checked or changed. */
    public static Attached loadInto(
            CausalLM model, Path folder, UnaryOperator<PeftConfig> changed) {
        PeftConfig said = changed.apply(read(folder));
        try (SafeTensors tensors = SafeTensors.open(weights(folder))) {
            Attached adapter = asTensorsTell(said, model, tensors.entries()).attachForFile(model);
            try {
                bind(adapter, folder, tensors.entries());
            } catch (RuntimeException | Error e) {
                adapter.close();
                throw e;
            }
            return adapter;
        }
    }

    /** A folder's tensors. */
    static Path weights(Path folder) {
        Path file = folder.resolve(WEIGHTS);
        if (!Files.isRegularFile(file)) {
            throw new RequestException(
                    "load adapter "
                            + folder
                            + ": expected "
                            + WEIGHTS
                            + ", there is none"
                            + (Files.exists(folder.resolve("adapter_model.bin"))
                                    ? "; a pickle (adapter_model.bin) is not read: save it with"
                                            + " safe_serialization=True"
                                    : ""));
        }
        return file;
    }

    private static PeftConfig asTensorsTell(
            PeftConfig config, CausalLM model, Map<String, Entry> entries) {
        Predicate<String> has =
                k -> entries.containsKey(config.prefix() + k) || entries.containsKey(k);
        return switch (config) {
            case Lora lora -> lora.asTensorsTell(model, has);
            case DyLora(Lora lora, boolean frozen) ->
                    new DyLora(lora.asTensorsTell(model, has), frozen);
            default -> config;
        };
    }

    /** Writes an adapter as a new folder that appears when it is complete. */
    public static void save(Attached adapter, Path folder, String base) {
        try (Staged staged = Staged.folder(folder)) {
            writeInto(adapter, staged.path(), base);
            staged.commit();
        }
    }

    /** Writes the two files into a folder that is there, each complete or not at all. */
    public static void writeInto(Attached adapter, Path folder, String base) {
        PeftConfig config = adapter.config();
        Staged.write(
                folder.resolve(CONFIG),
                ModelFiles.json(config.toJson(adapter.model(), base)) + "\n");
        config.writeBeside(folder);
        try (var _ = Scope.open("save " + folder)) {
            Map<String, Source> tensors = new TreeMap<>();
            config.tensors(adapter)
                    .forEach((key, t) -> tensors.put(config.prefix() + key, ModelFiles.source(t)));
            SafeTensors.write(folder.resolve(WEIGHTS), tensors);
        }
    }

    private static void bind(Attached adapter, Path folder, Map<String, Entry> entries) {
        SequencedMap<String, Parameter> wanted = adapter.parameters();
        String prefix = adapter.config().prefix();
        List<String> wrong = new ArrayList<>();
        Map<Parameter, Entry> found = new LinkedHashMap<>();
        entries.forEach((key, e) -> {
            String path = key.startsWith(prefix) ? key.substring(prefix.length()) : key;
            Parameter p = wanted.get(path);
            if (p == null && isOfBase(adapter.model(), path, e)) {
                return;
            }
            if (p == null) {
                wrong.add("unexpected " + key);
            } else if (!ModelFiles.fits(e, p.shape())) {
                wrong.add("mis-shaped " + e + " (needed: " + p.shape() + ")");
            }
            found.putIfAbsent(p, e);
        });
        wanted.forEach((key, p) -> {
            if (!found.containsKey(p)) {
                wrong.add("missing " + prefix + key);
            }
        });
        if (!wrong.isEmpty()) {
            throw new RequestException(
                    "load adapter "
                            + folder
                            + ": the tensors do not fit this model and "
                            + CONFIG
                            + ": "
                            + ModelFiles.listed(wrong)
                            + "; was it trained for another model or rank?");
        }
        found.forEach((p, e) -> ModelFiles.fill(p, e));
    }

    /** PEFT saves embeddings that are the base's own with an adapter of theirs; nothing is lost. */
    private static boolean isOfBase(CausalLM model, String path, Entry e) {
        var named = model.named();
        String key = path.replace(".base_layer.", ".");
        Parameter own = named.get(model.aliases().getOrDefault(key, key));
        if (own == null || !own.isBound() || !ModelFiles.fits(e, own.shape())) {
            return false;
        }
        try (var _ = Scope.open("compare " + path)) {
            return ModelFiles.holds(e, own);
        }
    }
}
