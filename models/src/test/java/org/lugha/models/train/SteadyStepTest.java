package org.lugha.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.autograd.Saved;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.TinyModels;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.testing.Pools;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Philox;
import org.lugha.runtime.plan.PlannedDevice;
import org.lugha.runtime.spi.Memory.Usage;

/** After its first step a run asks nothing of the system any more. */
class SteadyStepTest {
    private static final long SLAB = 16 << 10;
    private static final int LONGEST = 300;
    private static final ConfigJson TINY =
            TinyModels.config("num_hidden_layers", 3, "attention_bias", true);

    /** As large as what one trains from scratch on a laptop. */
    private static final ConfigJson WIDE =
            TinyModels.config(
                    "vocab_size",
                    32000,
                    "hidden_size",
                    512,
                    "intermediate_size",
                    1408,
                    "num_hidden_layers",
                    8,
                    "num_attention_heads",
                    8,
                    "num_key_value_heads",
                    8);

    private static final Lora LORA =
            new Lora(4, 8, LoraTargets.names("q_proj", "v_proj", "down_proj")).withDropout(0.1);

    private static Example row(int length) {
        int[] ids = new int[length];
        Arrays.setAll(ids, t -> 3 + t % 20);
        int[] labels = ids.clone();
        labels[1] = Example.NOT_COUNTED;
        return new Example(ids, labels, "");
    }

    /** What was asked for after each step over these rows, three micro-batches of two a step. */
    private static List<Usage> run(
            Device device, ConfigJson config, boolean isLora, int steps, List<Example> rows) {
        List<Usage> after = new ArrayList<>();
        try (CausalLM model = CausalLM.declare(config)) {
            model.initialize(device, DType.F32, 1);
            Optional.of(LORA).filter(_ -> isLora).ifPresent(l -> l.attachTo(model, 2));
            try (AdamW adam = new AdamW(model.trainable(), 0.9, 0.999, 1e-8, 0.1, true)) {
                var settings = new TrainingLoop.Settings(2, 3, 1e-3, 0.5, 3, Saved.EXACT);
                var data = new ExampleStream(rows, 1, false, 0);
                var loop = new TrainingLoop(model, data, adam, new Schedule.Constant(0), settings);
                for (int i = 0; i < steps; i++) {
                    loop.step();
                    after.add(device.memory().usage());
                }
            }
        }
        assertEquals(0, device.memory().usage().live());
        return after;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stepsOfOneShapeAskOnce(boolean isLora) {
        List<Usage> after = run(Pools.pooled(SLAB), TINY, isLora, 5, List.of(row(24)));
        Usage first = after.getFirst();
        assertTrue(first.requests() > 5, "one slab does not hold a step: " + first);
        after.forEach(u -> assertEquals(first, u));
    }

    /**
     * Other lengths take other size classes, and find most of their room where longer ones were.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stepsOfManyLengthsAskForLittleMore(boolean isLora) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 6 * 20; i++) {
            boolean isLongest = i < 6;
            rows.add(row(isLongest ? LONGEST : 3 + (int) (Philox.uniform(5, i) * (LONGEST - 2))));
        }
        Device device = new PlannedDevice(Devices.get("cpu"));
        List<Usage> after = run(device, WIDE, isLora, 20, rows);
        double first = after.getFirst().reserved();
        double last = after.getLast().reserved();
        assertTrue(last <= 1.05 * first + (64 << 20), after.toString());
        assertEquals(after.getFirst().peak(), after.getLast().peak());
        assertTrue(last <= 1.35 * after.getLast().peak(), after.toString());
    }
}
