package org.lugha.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.autograd.Tape;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.Quantization;
import org.lugha.models.QuantizedModel;
import org.lugha.models.Sampler;
import org.lugha.models.TinyModels;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.peft.BottleneckAdapters;
import org.lugha.models.peft.BottleneckKind;
import org.lugha.models.peft.Ia3;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.peft.PeftConfig;
import org.lugha.models.peft.PrefixTuning;
import org.lugha.models.peft.PromptStart;
import org.lugha.models.peft.PromptTuning;
import org.lugha.models.settings.Freezing;
import org.lugha.models.settings.Precision;
import org.lugha.models.testing.Pools;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.plan.Plan;

/** What is planned is what is measured, to the byte. */
class MemoryPlanTest {
    private static final Lora LORA =
            new Lora(4, 8, LoraTargets.names("q_proj", "v_proj", "down_proj")).withDropout(0.1);

    /** A model, a method, and the data of two steps; printed as one line. */
    record Trial(
            String name,
            ConfigJson config,
            Precision precision,
            Optional<PeftConfig> method,
            int accumulate,
            boolean recompute) {
        @Override
        public String toString() {
            return name
                    + (method.isPresent() ? " LoRA" : " full")
                    + (precision == Precision.BF16 ? " bf16" : "")
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
            var config = config(name);
            all.add(new Trial(name, config, Precision.F32, Optional.empty(), 1, false));
            for (Precision p : Precision.values()) {
                all.add(new Trial(name, config, p, Optional.of(LORA), 1, false));
                all.add(new Trial(name, config, p, Optional.of(LORA), 3, false));
            }
        }
        ConfigJson deep = config("deep and narrow");
        all.add(new Trial("recomputed", deep, Precision.F32, Optional.empty(), 1, true));
        for (Precision p : Precision.values()) {
            all.add(new Trial("recomputed", deep, p, Optional.of(LORA), 2, true));
        }
        for (PeftConfig method :
                List.of(
                        Ia3.usual(),
                        new PromptTuning(3, new PromptStart.Vocabulary()),
                        new PrefixTuning(2, true, 5),
                        BottleneckAdapters.usual(BottleneckKind.HOULSBY))) {
            String name = method.getClass().getSimpleName() + " for";
            all.add(new Trial(name, deep, Precision.BF16, Optional.of(method), 2, true));
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("trials")
    void thePlannedPeakIsTheMeasuredOne(Trial t) {
        var request =
                new MemoryPlan.Request(
                        t.config, t.precision, t.method, 2, 11, 7, t.accumulate, t.recompute);
        MemoryPlan plan = MemoryPlan.of(Devices.get("cpu"), request);
        for (Device device : List.of(Pools.pooled(), Pools.strict())) {
            train(device, t);
            assertEquals(device.memory().usage().peak(), plan.peak());
            assertEquals(0, device.memory().usage().live());
        }
    }

    private static void train(Device device, Trial t) {
        try (CausalLM model = CausalLM.declare(t.config)) {
            model.initialize(device, t.precision.weights(), 1);
            t.method.ifPresent(m -> m.attachTo(model, 2));
            try (AdamW adam = new AdamW(model.trainable(), 0.9, 0.999, 1e-8, 0.1, true)) {
                var settings =
                        new TrainingLoop.Settings(
                                2, t.accumulate, 1e-3, 1, 3, t.precision.saved(), t.recompute);
                var data = new ExampleStream(examples(), 1, true, 4);
                var loop = new TrainingLoop(model, data, adam, new Schedule.Constant(0), settings);
                for (int i = 0; i < 3; i++) {
                    loop.step();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"grouped keys, tied", "deep and narrow"})
    void aQuantisedBaseIsPlanned(String name) {
        for (Quantization q : List.of(Quantization.nf4(), Quantization.int8())) {
            var request =
                    new MemoryPlan.Request(
                            config(name),
                            Precision.BF16,
                            Optional.of(LORA),
                            2,
                            11,
                            7,
                            1,
                            true,
                            Optional.of(q),
                            Freezing.NONE);
            MemoryPlan plan = MemoryPlan.of(Devices.get("cpu"), request);
            Device device = Pools.pooled();
            try (CausalLM model = CausalLM.declare(config(name))) {
                QuantizedModel.initialize(model, device, DType.BF16, 1, q);
                LORA.attachTo(model, 2);
                try (AdamW adam = new AdamW(model.trainable())) {
                    var settings =
                            new TrainingLoop.Settings(
                                    2, 1, 1e-3, 1, 3, Precision.BF16.saved(), true);
                    var data = new ExampleStream(examples(), 1, true, 4);
                    var loop =
                            new TrainingLoop(model, data, adam, new Schedule.Constant(0), settings);
                    loop.step();
                    long requests = device.memory().usage().requests();
                    loop.step();
                    assertEquals(requests, device.memory().usage().requests());
                }
            }
            assertEquals(device.memory().usage().peak(), plan.peak());
            assertEquals(0, device.memory().usage().live());
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

    /** Evaluation and generation, whose code knows nothing of plans. */
    @ParameterizedTest
    @ValueSource(strings = {"grouped keys, tied", "deep and narrow"})
    void workWithoutATapeIsPlannedToo(String name) {
        List<Consumer<CausalLM>> work =
                List.of(
                        m -> TrainingLoop.evaluate(m, examples(), 3, 1),
                        m -> m.generate(new int[] {3, 4, 5}, 9, Sampler.greedy(), List.of()));
        for (Consumer<CausalLM> w : work) {
            Consumer<Device> run =
                    device -> {
                        try (CausalLM model = CausalLM.declare(config(name))) {
                            model.initialize(device, DType.F32, 1);
                            w.accept(model);
                        }
                    };
            Plan plan = Tape.plan(Devices.get("cpu"), run);
            Device device = Pools.pooled(64 << 20);
            try (var _ = Scope.open("measured")) {
                run.accept(device);
            }
            assertEquals(device.memory().usage().peak(), plan.peak());
            assertEquals(device.memory().usage().reserved(), plan.reserved());
        }
    }

    @Test
    void thePartsAreWhatTheyAreCalled() {
        var config = config("biases, untied");
        var full = MemoryPlan.of(Devices.get("cpu"), request(config, Optional.empty()));
        var lora = MemoryPlan.of(Devices.get("cpu"), request(config, Optional.of(LORA)));
        try (CausalLM model = CausalLM.declare(config)) {
            long weights = 4 * model.size();
            model.initialize(Pools.strict(), DType.F32, 1);
            assertEquals(weights, full.weights());
            assertEquals(weights, full.gradients());
            assertEquals(2 * weights, full.optimizer());
            LORA.attachTo(model, 1);
            long trained = 4 * model.trainableSize();
            assertEquals(weights + trained, lora.weights());
            assertEquals(trained, lora.gradients());
            assertEquals(2 * trained, lora.optimizer());
        }
        for (MemoryPlan p : List.of(full, lora)) {
            assertEquals(
                    p.peak(),
                    p.weights() + p.gradients() + p.optimizer() + p.forward() + p.backward());
            assertTrue(p.forward() > 0 && p.backward() > 0, p.toString());
            assertEquals(0, p.plan().live());
            assertEquals(6, p.lines().size());
        }
    }

    private static MemoryPlan.Request request(ConfigJson config, Optional<PeftConfig> method) {
        return new MemoryPlan.Request(config, Precision.F32, method, 2, 11, 7, 1, false);
    }

    /** Half a billion weights are planned without asking the system for memory. */
    @Test
    void aLargeModelIsPlannedAtOnce() {
        var config =
                TinyModels.config(
                        "vocab_size",
                        151936,
                        "hidden_size",
                        896,
                        "intermediate_size",
                        4864,
                        "num_hidden_layers",
                        24,
                        "num_attention_heads",
                        14,
                        "num_key_value_heads",
                        2,
                        "max_position_embeddings",
                        32768,
                        "tie_word_embeddings",
                        true,
                        "attention_bias",
                        true);
        var request =
                new MemoryPlan.Request(
                        config, Precision.F32, Optional.empty(), 4, 512, 511, 2, false);
        Device cpu = Devices.get("cpu");
        long before = cpu.memory().usage().live();
        long system = cpu.memory().usage().requests();
        long start = System.nanoTime();
        MemoryPlan plan = MemoryPlan.of(cpu, request);
        double seconds = (System.nanoTime() - start) * 1e-9;
        assertEquals(4L * 494_032_768, plan.weights() - 4L * 24 * 896);
        assertTrue(plan.peak() > 10L << 30 && plan.peak() < 14L << 30, plan.toString());
        assertEquals(before, cpu.memory().usage().live());
        assertEquals(system, cpu.memory().usage().requests());
        assertTrue(seconds < 20, seconds + " s; a second where the machine has nothing else to do");
    }
}
