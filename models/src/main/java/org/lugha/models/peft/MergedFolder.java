package org.lugha.models.peft;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.QuantizedModel;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.checkpoint.Dtype;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.OtherFiles;
import org.lugha.models.checkpoint.Staged;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import tools.jackson.databind.node.ObjectNode;

/**
 * A checkpoint's folder and adapters' folders as one plain checkpoint. Tensors that no adapter
 * changes are copied as they lie; those that change are computed in F32 and written in the type
 * they had. Tokenizer and other files go along, an adapter's before the model's.
 *
 * @param weights what each adapter's update is multiplied by
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record MergedFolder(Path model, List<Path> adapters, double[] weights) {

    /**
     * The model in the type its files have, with all adapters on it; to be closed by the caller.
     *
     * @throws RequestException naming every tensor that does not fit
     */
    public CausalLM open() {
        CausalLM lm = CausalLM.load(model, Devices.get("cpu"), type());
        try {
            for (int i = 0; i < weights.length; i++) {
                add(lm, adapters.get(i), weights[i]);
            }
            return lm;
        } catch (RuntimeException | Error e) {
            lm.close();
            throw e;
        }
    }

    /** Writes a new folder that appears when it is complete. */
    public void save(CausalLM lm, Path output) {
        try (Staged staged = Staged.folder(output);
                Checkpoint files = Checkpoint.open(model)) {
            new MergedWeights(lm).writeInto(staged.path(), files);
            Set<String> own =
                    Set.of(PeftFiles.CONFIG, DyLora.FILE, "README.md", "training_args.json");
            for (Path adapter : adapters) {
                if (Files.exists(adapter.resolve("tokenizer.json"))) {
                    OtherFiles.copy(adapter, staged.path(), own);
                }
            }
            OtherFiles.copy(model, staged.path(), Set.of());
            staged.commit();
        }
    }

    private static void add(CausalLM lm, Path folder, double weight) {
        if (weight == 1) {
            PeftFiles.loadInto(lm, folder);
            return;
        }
        ConfigJson config = ConfigJson.read(folder.resolve(PeftFiles.CONFIG));
        if (!config.text("peft_type", "").equals("LORA")
                || config.flag("use_dora", false)
                || !config.texts("modules_to_save").isEmpty()) {
            throw new RequestException(
                    "merge adapter "
                            + folder
                            + ": only a LoRA that trains its matrices alone can be weighted, by "
                            + weight
                            + "; leave its weight at 1");
        }
        PeftFiles.loadInto(lm, folder, _ -> Lora.of(weighted(config, weight)));
    }

    /** The update is proportional to alpha. */
    private static ConfigJson weighted(ConfigJson config, double weight) {
        ObjectNode j = config.root().deepCopy();
        j.put("lora_alpha", config.number("lora_alpha", 8) * weight);
        config.object("alpha_pattern")
                .ifPresent(o -> {
                    ObjectNode all = j.putObject("alpha_pattern");
                    o.root().propertyNames().forEach(k -> all.put(k, o.number(k) * weight));
                });
        return new ConfigJson(config.source(), j);
    }

    /** Of most numbers in the files. */
    private DType type() {
        ConfigJson config = ConfigJson.read(model.resolve("config.json"));
        if (config.get("quantization_config").isPresent()) {
            return QuantizedModel.restOf(model);
        }
        Map<DType, Long> counts = new EnumMap<>(DType.class);
        try (Checkpoint files = Checkpoint.open(model)) {
            for (Entry e : files.entries().values()) {
                if (isWeight(e.dtype())) {
                    counts.merge(DType.valueOf(e.dtype().name()), e.count(), Long::sum);
                }
            }
        }
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(DType.F32);
    }

    private static boolean isWeight(Dtype d) {
        return d == Dtype.F32 || d == Dtype.F64 || d == Dtype.BF16 || d == Dtype.F16;
    }
}
