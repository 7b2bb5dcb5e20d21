package org.lugha.models.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Saved;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.DType;
import org.lugha.runtime.Devices;
import tools.jackson.databind.json.JsonMapper;

class TrainingLoopTest {
    private static final String CONFIG =
            """
            {"model_type": "llama", "vocab_size": 40, "hidden_size": 8, "intermediate_size": 12,
             "num_hidden_layers": 1, "num_attention_heads": 2, "initializer_range": 0.2}
            """;
    private static final int NO = Example.NOT_COUNTED;
    private static final Example SHORT = example(new int[] {5, 6, 7}, NO, NO, 7);
    private static final Example LONG = example(new int[] {9, 8, 7, 6, 5, 4}, NO, 8, 7, 6, 5, 4);
    private static final Example MASKED = example(new int[] {3, 2, 1, 0}, NO, NO, NO, NO);

    private static Example example(int[] ids, int... labels) {
        return new Example(ids, labels, "");
    }

    /** What a step says, and every weight after it. */
    private record After(Metrics.Step step, double[] weights) {}

    private static After step(int sequences, int accumulate, double lr, Example... data) {
        var json = new ConfigJson("test", JsonMapper.shared().readTree(CONFIG).asObject());
        try (CausalLM model = CausalLM.declare(json)) {
            model.initialize(Devices.get("cpu"), DType.F32, 1);
            try (AdamW adam = new AdamW(model.trainable(), 0.9, 0.999, 1e-8, 0, false)) {
                var stream = new ExampleStream(List.of(data), 1, false, 0);
                var settings =
                        new TrainingLoop.Settings(sequences, accumulate, lr, 0, 0, Saved.EXACT);
                var schedule = new Schedule.Constant(0);
                var step = new TrainingLoop(model, stream, adam, schedule, settings).step();
                return new After(step, weights(model.trainable()));
            }
        }
    }

    private static double[] weights(List<Parameter> parameters) {
        return parameters.stream()
                .flatMapToDouble(p -> Arrays.stream(p.value().toArray()))
                .toArray();
    }

    @Test
    void microBatchesOfUnequalLengthAreTheBatch() {
        After whole = step(2, 1, 1e-2, SHORT, LONG);
        After parts = step(1, 2, 1e-2, SHORT, LONG);
        assertEquals(6, whole.step.counted());
        assertEquals(9, whole.step.tokens());
        assertEquals(whole.step.counted(), parts.step.counted());
        assertEquals(whole.step.loss(), parts.step.loss(), 1e-6);
        assertEquals(whole.step.gradNorm(), parts.step.gradNorm(), 1e-6);
        // The mean of the means would count the short one's single token five times.
        double mean = (step(1, 1, 0, SHORT).step.loss() + step(1, 1, 0, LONG).step.loss()) / 2;
        assertTrue(Math.abs(mean - whole.step.loss()) > 1e-3);
    }

    @Test
    void aMicroBatchInWhichNothingCountsAddsNothing() {
        After alone = step(1, 1, 1e-2, LONG);
        After first = step(1, 2, 1e-2, MASKED, LONG);
        After last = step(1, 2, 1e-2, LONG, MASKED);
        assertEquals(alone.step.loss(), first.step.loss());
        assertEquals(alone.step.gradNorm(), first.step.gradNorm());
        assertArrayEquals(alone.weights, first.weights);
        assertArrayEquals(alone.weights, last.weights);
        assertEquals(10, first.step.tokens());
        assertEquals(5, first.step.counted());
    }

    @Test
    void aStepInWhichNothingCountsLearnsNothing() {
        After before = step(1, 1, 0, MASKED);
        After after = step(1, 2, 1e-2, MASKED, MASKED);
        assertEquals(0, after.step.loss());
        assertEquals(0, after.step.gradNorm());
        assertArrayEquals(before.weights, after.weights);
    }

    @Test
    void aLossThatIsNotFiniteEndsTheRun() {
        var json = new ConfigJson("test", JsonMapper.shared().readTree(CONFIG).asObject());
        try (CausalLM model = CausalLM.declare(json)) {
            model.initialize(Devices.get("cpu"), DType.F32, 1);
            var all = model.trainable();
            try (AdamW adam = new AdamW(all, 0.9, 0.999, 1e-8, 0, false)) {
                all.getFirst().value().set(5L * 8, Double.NaN);
                var stream = new ExampleStream(List.of(SHORT), 1, false, 0);
                var settings = new TrainingLoop.Settings(1, 1, 1e-2, 1, 0, Saved.EXACT);
                var loop =
                        new TrainingLoop(model, stream, adam, new Schedule.Constant(0), settings);
                String message = assertThrows(ArithmeticException.class, loop::step).getMessage();
                assertTrue(message.startsWith("step 1: the loss is NaN"), message);
            }
        }
    }

    @Test
    void evaluationIsTheMeanOverTokensWhateverTheBatch() {
        var json = new ConfigJson("test", JsonMapper.shared().readTree(CONFIG).asObject());
        try (CausalLM model = CausalLM.declare(json)) {
            model.initialize(Devices.get("cpu"), DType.F32, 1);
            List<Example> data = List.of(SHORT, LONG, MASKED);
            var one = TrainingLoop.evaluate(model, data, 1, 7);
            var two = TrainingLoop.evaluate(model, data, 2, 7);
            assertEquals(6, one.counted());
            assertEquals(one.loss(), two.loss(), 1e-6);
            assertEquals(7, two.step());
            assertEquals(step(2, 1, 0, SHORT, LONG).step.loss(), one.loss(), 1e-5);
        }
    }
}
