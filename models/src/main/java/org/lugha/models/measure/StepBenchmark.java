package org.lugha.models.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.settings.Precision;
import org.lugha.models.train.TrainingLoop;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;

/**
 * Times training steps on random weights and random ids: only shapes matter. The same step as a
 * PyTorch script that builds the shape with transformers and PEFT: AdamW lr 1e-4, decay 0.01 on
 * everything, clip 1, the first part of every row masked.
 */
public final class StepBenchmark {
    private static final int WARM_UP = 2;

    /**
     * What is timed.
     *
     * @param full every weight instead of LoRA
     * @param batch 0: the shape's own
     * @param length 0: the shape's own
     * @param precision F32 where every weight is trained
     * @param recompute whether blocks are computed again in backward
     */
    public record Request(
            BenchmarkShape shape,
            boolean full,
            double promptFraction,
            int rank,
            int batch,
            int length,
            int steps,
            Precision precision,
            boolean recompute,
            Device device) {}

    /**
     * Seconds of every step, warm-up left out, and what was trained.
     *
     * @param losses of every step, warm-up included
     * @param peakBytes of tensors at one time in the timed steps, weights and optimizer included
     * @param firstStepDone time of {@link System#currentTimeMillis} when the first step was done
     */
    public record Outcome(
            int batch,
            int length,
            long trainable,
            double[] seconds,
            List<Double> losses,
            long firstStepDone,
            long peakBytes) {
        /** Median. */
        public double stepSeconds() {
            double[] sorted = seconds.clone();
            Arrays.sort(sorted);
            int n = sorted.length;
            return (sorted[n / 2] + sorted[(n - 1) / 2]) / 2;
        }
    }

    private StepBenchmark() {}

    /** Warm-up steps, then the timed ones. */
    public static Outcome run(Request r) {
        int batch = r.batch() == 0 ? r.shape().batch() : r.batch();
        int length = r.length() == 0 ? r.shape().length() : r.length();
        try (CausalLM model = r.shape().open(r.device(), r.precision().weights())) {
            if (length > model.config().maxPositions()) {
                throw new RequestException(
                        "bench train: rows have "
                                + length
                                + " tokens, the shape has "
                                + model.config().maxPositions()
                                + " positions");
            }
            if (!r.full()) {
                new Lora(r.rank(), 2.0 * r.rank(), LoraTargets.allLinear()).attachTo(model, 0);
            }
            List<Example> rows = rows(batch, length, model.vocabularySize(), r.promptFraction());
            var settings =
                    new TrainingLoop.Settings(
                            batch, 1, 1e-4, 1, 0, r.precision().saved(), r.recompute());
            try (AdamW adam = new AdamW(model.trainable(), 0.9, 0.999, 1e-8, 0.01, true)) {
                var loop =
                        new TrainingLoop(
                                model,
                                new ExampleStream(rows, 1, false, 0),
                                adam,
                                new Schedule.Constant(0),
                                settings);
                return time(loop, r, batch, length, model.trainableSize());
            }
        }
    }

    private static Outcome time(
            TrainingLoop loop, Request r, int batch, int length, long trainable) {
        double[] seconds = new double[r.steps()];
        List<Double> losses = new ArrayList<>();
        long first = 0;
        for (int i = 0; i < WARM_UP + seconds.length; i++) {
            if (i == WARM_UP) {
                r.device().memory().resetPeak();
            }
            long start = System.nanoTime();
            losses.add(loop.step().loss());
            if (i >= WARM_UP) {
                seconds[i - WARM_UP] = (System.nanoTime() - start) * 1e-9;
            } else if (i == 0) {
                first = System.currentTimeMillis();
            }
        }
        long peak = r.device().memory().usage().peak();
        return new Outcome(batch, length, trainable, seconds, losses, first, peak);
    }

    private static List<Example> rows(int batch, int length, int vocabulary, double prompt) {
        List<Example> rows = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            int[] ids = new int[length];
            for (int t = 0; t < length; t++) {
                long index = (long) b * length + t;
                ids[t] = (int) (Integer.toUnsignedLong(Philox.bits(1, index)) % vocabulary);
            }
            int[] labels = ids.clone();
            Arrays.fill(labels, 0, (int) (length * prompt), Example.NOT_COUNTED);
            rows.add(new Example(ids, labels, ""));
        }
        return rows;
    }
}
