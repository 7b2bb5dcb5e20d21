package org.lugha.models.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lugha.autograd.Tape;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.Sampler;
import org.lugha.models.TinyModels;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.settings.Method;
import org.lugha.models.settings.Precision;
import org.lugha.models.testing.Faults;
import org.lugha.models.testing.Pools;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;

/** Whatever fails, and wherever: nothing stays behind, and the next step is as if nothing was. */
class FailingStepTest {
    private static final Lora LORA =
            new Lora(2, 4, LoraTargets.names("q_proj", "down_proj"))
                    .withModulesToSave(List.of("embed_tokens"), true);
    private static final Example ROW =
            new Example(new int[] {3, 4, 5, 6, 7, 8}, new int[] {-100, -100, 5, 6, 7, 8}, "");

    /** What is trained, and how it is stored. */
    enum Method {
        FULL(Precision.F32),
        LORA_ON_F32(Precision.F32),
        LORA_ON_BF16(Precision.BF16),
        RECOMPUTED(Precision.F32);

        private final Precision precision;

        Method(Precision precision) {
            this.precision = precision;
        }

        Optional<Lora> lora() {
            return this == FULL ? Optional.empty() : Optional.of(LORA);
        }

        TrainingLoop.Settings settings(int accumulate, double lr) {
            boolean recompute = this == RECOMPUTED;
            return new TrainingLoop.Settings(1, accumulate, lr, 1, 3, precision.saved(), recompute);
        }
    }

    private static ConfigJson config() {
        return TinyModels.config(
                "num_hidden_layers", 1, "attention_bias", true, "tie_word_embeddings", true);
    }

    /** From nothing to two steps, an evaluation and a generation. */
    private static void everything(Device device, Method method) {
        try (CausalLM model = CausalLM.declare(config())) {
            model.initialize(device, method.precision.weights(), 1);
            method.lora().ifPresent(l -> l.attachTo(model, 2));
            try (AdamW adam = new AdamW(model.trainable())) {
                TrainingLoop loop = loop(model, adam, method.settings(1, 1e-3));
                loop.step();
                loop.step();
            }
            TrainingLoop.evaluate(model, List.of(ROW), 1, 1);
            model.generate(new int[] {3, 4}, 3, Sampler.greedy(), List.of());
        }
    }

    private static TrainingLoop loop(CausalLM model, AdamW adam, TrainingLoop.Settings settings) {
        var data = new ExampleStream(List.of(ROW), 1, false, 4);
        return new TrainingLoop(model, data, adam, new Schedule.Constant(0), settings);
    }

    @ParameterizedTest
    @EnumSource
    void noFailureLeavesMemoryBehind(Method method) {
        Faults faults = new Faults(Pools.pooled());
        Device device = faults.device();
        Consumer<Device> work = d -> everything(d, method);
        work.accept(device);
        long calls = faults.calls();
        long allocations = faults.allocations();
        assertTrue(calls > 100 && allocations > 100, calls + " and " + allocations);
        for (long k = 1; k <= calls; k++) {
            faults.failAtCall(k);
            assertThrows(IllegalStateException.class, () -> work.accept(device));
            requireNothingLeft(device, "call " + k);
        }
        faults.failAtCall(0);
        for (long k = 1; k <= allocations; k++) {
            faults.failAtAllocation(k);
            assertThrows(DeviceException.class, () -> work.accept(device));
            requireNothingLeft(device, "allocation " + k);
        }
    }

    private static void requireNothingLeft(Device device, String after) {
        assertEquals(0, device.memory().usage().live(), () -> "live after " + after);
        assertEquals("test", Scope.current().name(), () -> "a scope is open after " + after);
        assertThrows(IllegalStateException.class, Tape::current);
    }

    /** A device with as much memory as planned is enough, and with a byte less it is not. */
    @ParameterizedTest
    @EnumSource
    void memoryRunsOutWhereThePlanSaysSo(Method method) {
        Consumer<Device> work = d -> everything(d, method);
        long peak = Tape.plan(Devices.get("cpu"), work).peak();
        work.accept(Pools.strict(peak));
        for (long limit = peak - 1; limit > 0; limit -= peak / 40 + 1) {
            Device small = Pools.strict(limit);
            String message =
                    assertThrows(DeviceException.class, () -> work.accept(small)).getMessage();
            assertTrue(message.startsWith("out of memory: '"), message);
            requireNothingLeft(small, "a limit of " + limit);
        }
    }

    /** With a learning rate of 0 every step has the same gradient, after a failed one too. */
    @Test
    void theStepAfterAFailedOneIsAsEver() {
        Faults faults = new Faults(Pools.pooled());
        Device device = faults.device();
        try (CausalLM model = CausalLM.declare(config())) {
            model.initialize(device, DType.F32, 1);
            try (AdamW adam = new AdamW(model.trainable())) {
                TrainingLoop loop = loop(model, adam, Method.FULL.settings(2, 0));
                Metrics.Step first = loop.step();
                long before = faults.calls();
                loop.step();
                long calls = faults.calls() - before;
                long live = device.memory().usage().live();
                for (long k = 1; k <= calls; k++) {
                    faults.failAtCall(k);
                    assertThrows(IllegalStateException.class, loop::step);
                    assertEquals(live, device.memory().usage().live(), "after call " + k);
                    faults.failAtCall(0);
                    assertEquals(first.gradNorm(), loop.step().gradNorm(), "after call " + k);
                }
            }
        }
        requireNothingLeft(device, "all");
    }
}
