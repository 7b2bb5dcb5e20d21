package org.lugha.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Philox;

/** However a step is cut into micro-batches, loss and every gradient are those of one batch. */
class MicroBatchTest {
    private static final int WORDS = 31;

    /** Rows of a step: their lengths, and how many of them each micro-batch takes. */
    record Step(List<Integer> lengths, List<Integer> cuts, long seed) {
        int[][] ids() {
            int[][] rows = new int[lengths.size()][];
            for (int b = 0; b < rows.length; b++) {
                rows[b] = new int[lengths.get(b)];
                for (int t = 0; t < rows[b].length; t++) {
                    rows[b][t] = (int) (WORDS * Philox.uniform(seed, 100L * b + t));
                }
            }
            return rows;
        }

        /** Every third row or so counts nowhere, others begin to count somewhere. */
        int[][] labels() {
            int[][] rows = ids();
            for (int b = 0; b < rows.length; b++) {
                double share = 1.5 * Philox.uniform(seed + 1, b);
                for (int t = 0; t < rows[b].length && t < share * rows[b].length; t++) {
                    rows[b][t] = Tokens.IGNORED;
                }
            }
            return rows;
        }
    }

    /** Loss, and the gradient of every trained parameter. */
    private record Result(double loss, List<double[]> gradients) {}

    @Provide
    Arbitrary<Step> steps() {
        return Arbitraries.integers()
                .between(2, 7)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .flatMap(lengths ->
                        Arbitraries.integers()
                                .between(1, 3)
                                .list()
                                .ofSize(lengths.size())
                                .flatMap(cuts ->
                                        Arbitraries.longs()
                                                .map(seed -> new Step(lengths, cuts, seed))));
    }

    @Property
    void inDoublesTheyDifferByRoundingAlone(
            @ForAll("steps") Step step, @ForAll boolean lora, @ForAll boolean recompute) {
        same(step, Devices.get("reference"), DType.F64, lora, recompute, 1e-12);
    }

    @Example
    void inFloatsOnTheCpuToo() {
        for (int i = 0; i < 4; i++) {
            Step step = new Step(List.of(7, 2, 5, 3, 6), List.of(1, 3, 1), i);
            same(step, Devices.get("cpu"), DType.F32, i % 2 == 0, i > 1, 1e-5);
        }
    }

    private static void same(
            Step step, Device device, DType type, boolean lora, boolean recompute, double most) {
        try (CausalLM model = model(device, type, lora)) {
            Result whole = run(model, step, List.of(step.lengths().size()), false);
            Result parts = run(model, step, step.cuts(), recompute);
            assertEquals(whole.loss, parts.loss, most * Math.max(1, whole.loss));
            double all = whole.gradients.stream().mapToDouble(MicroBatchTest::norm).sum();
            for (int i = 0; i < whole.gradients.size(); i++) {
                double[] expected = whole.gradients.get(i);
                double[] difference = parts.gradients.get(i).clone();
                for (int k = 0; k < difference.length; k++) {
                    difference[k] -= expected[k];
                }
                // A gradient that is 0 but for rounding is held to the size of the others.
                double size = Math.max(norm(expected), 0.01 * all);
                String name = model.trainable().get(i).name();
                assertTrue(norm(difference) <= most * size, name);
            }
        }
    }

    private static double norm(double... values) {
        return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
    }

    private static CausalLM model(Device device, DType type, boolean lora) {
        CausalLM model = CausalLM.declare(TinyModels.config("tie_word_embeddings", !lora));
        model.initialize(device, type, 5);
        if (lora) {
            new Lora(3, 6, LoraTargets.allLinear()).attachTo(model, 0);
            // B begins at 0, which would leave A without a gradient.
            for (Parameter p : model.trainable()) {
                for (long i = 0; i < p.shape().count(); i++) {
                    p.value().set(i, 0.4 * Philox.uniform(9, i) - 0.2);
                }
            }
        }
        return model;
    }

    private static Result run(CausalLM model, Step step, List<Integer> cuts, boolean recompute) {
        int[][] ids = step.ids();
        int[][] labels = step.labels();
        int counted = 0;
        for (int b = 0; b < ids.length; b++) {
            counted += model.counted(Tokens.rows(ids[b]), new int[][] {labels[b]});
        }
        double scale = 1.0 / Math.max(1, counted);
        model.trainable().forEach(Parameter::clearGradient);
        double loss = 0;
        int from = 0;
        for (int i = 0; from < ids.length; i++) {
            int to = Math.min(ids.length, from + cuts.get(i));
            loss +=
                    backward(
                            model, slice(ids, from, to), slice(labels, from, to), scale, recompute);
            from = to;
        }
        List<double[]> gradients = new ArrayList<>();
        model.trainable().forEach(p -> gradients.add(p.gradient().toArray()));
        return new Result(loss, gradients);
    }

    private static double backward(
            CausalLM model, int[][] ids, int[][] labels, double scale, boolean recompute) {
        try (var _ = Tape.open()) {
            Tokens rows = Tokens.rows(ids);
            var pass = model.pass(rows, true, 1).withRecompute(recompute);
            var loss = model.loss(rows, labels, scale, pass);
            loss.backward();
            return loss.item();
        }
    }

    private static int[][] slice(int[][] rows, int from, int to) {
        return Arrays.copyOfRange(rows, from, to);
    }
}
