package org.lugha.models.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Tape;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.Quantization;
import org.lugha.models.QuantizedModel;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.peft.PeftConfig;
import org.lugha.models.settings.Freezing;
import org.lugha.models.settings.Precision;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.plan.Plan;

/**
 * What training a model takes of a device's memory, in bytes, before anything is loaded: two steps
 * of the {@link TrainingLoop} itself on a device that keeps the books and computes nothing.
 *
 * @param weights of the model and its adapters. Where frozen weights lie in a mapped checkpoint as
 *     they are used, theirs are the file's pages and not taken from the pool
 * @param gradients of everything trained
 * @param optimizer moments, and master copies of narrow weights
 * @param forward what forward made and backward still wants, at the peak
 * @param backward gradients under way at the peak
 * @param plan the whole, share by share
 */
public record MemoryPlan(
        long weights, long gradients, long optimizer, long forward, long backward, Plan plan) {

    /**
     * What is trained, and how.
     *
     * @param precision how frozen weights and what backward needs are stored
     * @param method empty for every weight
     * @param sequences rows of a micro-batch
     * @param length tokens of the longest row
     * @param counted how many of them the loss counts; at most {@code length - 1} matter
     * @param accumulate micro-batches of a step
     * @param recompute whether blocks are computed again in backward
     * @param quantization of the frozen base; empty: it is held in {@code precision}
     */
    public record Request(
            ConfigJson config,
            Precision precision,
            Optional<PeftConfig> method,
            int sequences,
            int length,
            int counted,
            int accumulate,
            boolean recompute,
            Optional<Quantization> quantization,
            Freezing freezing) {
        /** Of a base that is not quantised, nothing of it frozen by name. */
        public Request(
                ConfigJson config,
                Precision precision,
                Optional<PeftConfig> method,
                int sequences,
                int length,
                int counted,
                int accumulate,
                boolean recompute) {
            this(
                    config,
                    precision,
                    method,
                    sequences,
                    length,
                    counted,
                    accumulate,
                    recompute,
                    Optional.empty(),
                    Freezing.NONE);
        }

        /** With blocks computed again. */
        Request withRecompute() {
            return new Request(
                    config,
                    precision,
                    method,
                    sequences,
                    length,
                    counted,
                    accumulate,
                    true,
                    quantization,
                    freezing);
        }

        Request withPrecision(Precision other) {
            return new Request(
                    config,
                    other,
                    method,
                    sequences,
                    length,
                    counted,
                    accumulate,
                    recompute,
                    quantization,
                    freezing);
        }

        /** Micro-batches of fewer rows, as many more of them. */
        Request withSequences(int fewer) {
            return new Request(
                    config,
                    precision,
                    method,
                    fewer,
                    length,
                    counted,
                    accumulate * sequences / fewer,
                    recompute,
                    quantization,
                    freezing);
        }

        public Request {
            if (sequences < 1 || length < 1 || counted < 0 || accumulate < 1) {
                throw new IllegalArgumentException(
                        "memory plan: expected rows, length and micro-batches of at least 1, got"
                                + String.format(
                                        Locale.ROOT,
                                        " %d, %d and %d",
                                        sequences,
                                        length,
                                        accumulate));
            }
        }
    }

    /** Trains on a device that stands for this one. */
    public static MemoryPlan of(Device device, Request r) {
        long[] held = new long[2];
        Plan plan =
                Tape.plan(
                        device,
                        planned -> {
                            try (CausalLM model = CausalLM.declare(r.config())) {
                                values(model, planned, r);
                                if (r.method().isEmpty()) {
                                    r.freezing().apply(model);
                                }
                                r.method().ifPresent(m -> m.attachTo(model, 0));
                                held[0] = bytes(parameters(model));
                                held[1] = steps(model, r);
                            }
                        });
        long gradients = plan.held(owner -> owner.startsWith("gradient of "));
        long backward = plan.held(owner -> owner.startsWith("backward of "));
        long forward = plan.peak() - held[0] - held[1] - gradients - backward;
        return new MemoryPlan(held[0], gradients, held[1], forward, backward, plan);
    }

    private static void values(CausalLM model, Device planned, Request r) {
        if (r.quantization().isPresent()) {
            DType rest = r.precision().weights();
            QuantizedModel.initialize(model, planned, rest, 0, r.quantization().get());
        } else {
            model.initialize(planned, r.precision().weights(), 0);
        }
    }

    /** Two steps, the first of which makes what all later ones use; the bytes of the optimizer. */
    private static long steps(CausalLM model, Request r) {
        try (AdamW adam = new AdamW(model.trainable())) {
            var settings =
                    new TrainingLoop.Settings(
                            r.sequences(),
                            r.accumulate(),
                            1e-4,
                            1,
                            0,
                            r.precision().saved(),
                            r.recompute());
            var data = new ExampleStream(List.of(row(r)), 1, false, 0);
            var loop = new TrainingLoop(model, data, adam, new Schedule.Constant(0), settings);
            loop.step();
            loop.step();
            return adam.state().values().stream().mapToLong(MemoryPlan::bytes).sum();
        }
    }

    private static Example row(Request r) {
        int[] ids = new int[r.length()];
        int[] labels = new int[r.length()];
        Arrays.fill(labels, 0, Math.max(0, r.length() - r.counted()), Example.NOT_COUNTED);
        return new Example(ids, labels, "");
    }

    private static Set<Parameter> parameters(CausalLM model) {
        Set<Parameter> all = new LinkedHashSet<>(model.named().values());
        model.modules()
                .values()
                .forEach(m -> m.adapters().forEach(a -> all.addAll(a.parameters().values())));
        return all;
    }

    private static long bytes(Collection<Parameter> parameters) {
        return parameters.stream().mapToLong(Parameter::bytes).sum();
    }

    private static long bytes(Tensor t) {
        return t.count() * t.dtype().bytes();
    }

    /** The most a step holds at one time. */
    public long peak() {
        return plan.peak();
    }

    /** One line a part, in bytes, and the peak as the last. */
    public List<String> lines() {
        List<String> all = new ArrayList<>();
        all.add(line("weights", weights));
        all.add(line("gradients", gradients));
        all.add(line("optimizer state", optimizer));
        all.add(line("kept for backward", forward));
        all.add(line("gradients under way", backward));
        all.add(line("peak", peak()));
        return all;
    }

    private static String line(String what, long bytes) {
        return String.format(Locale.ROOT, "%-20s %,18d bytes", what, bytes);
    }

    /** The same in one line for a log. */
    @Override
    public String toString() {
        return "%s: weights %s, gradients %s, optimizer %s, activations %s"
                .formatted(
                        Plan.size(peak()),
                        Plan.size(weights),
                        Plan.size(gradients),
                        Plan.size(optimizer),
                        Plan.size(forward + backward));
    }
}
