package org.lugha.models.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lugha.models.ConfigJson;
import org.lugha.models.Quantization;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.PeftConfig;
import org.lugha.models.settings.Freezing;
import org.lugha.models.settings.Precision;
import org.lugha.runtime.Device;

/**
 * The memory that each way of training a model takes, side by side.
 *
 * @param method {@code full}, {@code lora}, {@code lora bf16} or {@code qlora}: NF4 and the rest
 *     BF16
 * @param recompute whether with {@code gradient_checkpointing}
 * @param plan to the byte
 */
public record TrainingNeeds(String method, boolean recompute, MemoryPlan plan) {

    /**
     * All of them.
     *
     * @param names LoRA's targets
     */
    public static List<TrainingNeeds> of(
            Device device,
            ConfigJson config,
            int rank,
            List<String> names,
            int sequences,
            int length) {
        Optional<PeftConfig> lora =
                Optional.of(
                        new Lora(
                                rank, 2.0 * rank, LoraTargets.names(names.toArray(String[]::new))));
        List<TrainingNeeds> all = new ArrayList<>();
        for (boolean recompute : new boolean[] {false, true}) {
            for (String method : List.of("full", "lora", "lora bf16", "qlora")) {
                var request =
                        new MemoryPlan.Request(
                                config,
                                method.endsWith("bf16") || method.equals("qlora")
                                        ? Precision.BF16
                                        : Precision.F32,
                                method.equals("full") ? Optional.empty() : lora,
                                sequences,
                                length,
                                length,
                                1,
                                recompute,
                                method.equals("qlora")
                                        ? Optional.of(Quantization.nf4())
                                        : Optional.empty(),
                                Freezing.NONE);
                all.add(new TrainingNeeds(method, recompute, MemoryPlan.of(device, request)));
            }
        }
        return all;
    }
}
