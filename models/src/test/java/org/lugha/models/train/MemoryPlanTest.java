package org.lugha.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.TinyModels;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.PeftConfig;
import org.lugha.models.testing.Pools;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;

/** What is planned is what is measured, to the byte. */
class MemoryPlanTest {
    private static final Lora LORA =
            new Lora(4, 8, LoraTargets.names("q_proj", "v_proj", "down_proj")).withDropout(0.1);

    /** A model, a method, and the data of two steps; printed as one line. */
    record Trial(String name, ConfigJson config, Optional<PeftConfig> method, int accumulate) {
        @Override
        public String toString() {
            return name
                    + (method.isPresent() ? " LoRA" : " full")
                    + (accumulate > 1 ? " accumulated" : "");
        }
    }

    private static ConfigJson config(String name) {
        return switch (name) {
            case "grouped keys, tied" ->
                    TinyModels.config(
                            "hidden_size",
                            32,
                            "num_attention_heads",
                            4,
                            "num_key_value_heads",
                            2,
                            "intermediate_size",
                            48,
                            "tie_word_embeddings",
                            true);
            case "biases, untied" ->
                    TinyModels.config(
                            "vocab_size",
                            97,
                            "hidden_size",
                            24,
                            "num_attention_heads",
                            3,
                            "num_key_value_heads",
                            3,
                            "attention_bias",
                            true,
                            "mlp_bias",
                            true);
            case "deep and narrow" -> TinyModels.config("num_hidden_layers", 16);
            default -> throw new IllegalArgumentException(name);
        };
    }

    static Stream<Trial> trials() {
        List<Trial> all = new ArrayList<>();
        for (String name : List.of("grouped keys, tied", "biases, untied", "deep and narrow")) {
            all.add(new Trial(name, config(name), Optional.empty(), 1));
            all.add(new Trial(name, config(name), Optional.of(LORA), 1));
            all.add(new Trial(name, config(name), Optional.of(LORA), 3));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("trials")
    void thePlannedPeakIsTheMeasuredOne(Trial t) {
        var request = new MemoryPlan.Request(t.config, DType.F32, t.method, 2, 11, 7, t.accumulate);
        MemoryPlan plan = MemoryPlan.of(Devices.get("cpu"), request);
        for (Device device : List.of(Pools.pooled(), Pools.strict())) {
            train(device, t);
            assertEquals(device.memory().usage().peak(), plan.peak());
            assertEquals(0, device.memory().usage().live());
        }
    }

    private static void train(Device device, Trial t) {
        try (CausalLM model = CausalLM.declare(t.config)) {
            model.initialize(device, DType.F32, 1);
            t.method.ifPresent(m -> m.attachTo(model, 2));
            try (AdamW adam = new AdamW(model.trainable(), 0.9, 0.999, 1e-8, 0.1, true)) {
                var settings = new TrainingLoop.Settings(2, t.accumulate, 1e-3, 1, 3);
                var data = new ExampleStream(examples(), 1, true, 4);
                var loop = new TrainingLoop(model, data, adam, new Schedule.Constant(0), settings);
                for (int i = 0; i < 3; i++) {
                    loop.step();
                }
            }
        }
    }

    private static List<Example> examples() {
        List<Example> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int[] ids = new int[11];
            Arrays.setAll(ids, t -> 3 + t);
            int[] labels = ids.clone();
            Arrays.fill(labels, 0, 4, Example.NOT_COUNTED);
            all.add(new Example(ids, labels, ""));
        }
        return all;
    }
}
