package org.lugha.models.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.Quantization;
import org.lugha.models.QuantizedModel;
import org.lugha.models.RequestException;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.peft.Lora;
import org.lugha.models.peft.LoraTargets;
import org.lugha.models.settings.Precision;
import org.lugha.models.train.TrainingLoop;
import org.lugha.nn.Linear;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import tools.jackson.databind.json.JsonMapper;

/**
 * Times QLoRA's steps on a base of random weights that is made and quantised one weight at a time:
 * LoRA on every linear layer, blocks recomputed, what is not quantised in BF16.
 */
public final class QuantizedBenchmark {
    /** Share of each row that does not count. */
    private static final double PROMPT = 0.6;

    private QuantizedBenchmark() {}

    /** A named shape. */
    public enum Size {
        /** Qwen 2.5 0.5B. */
        QWEN(
                "qwen0.5b",
                """
                {"model_type": "qwen2", "vocab_size": 151936, "hidden_size": 896,
                 "intermediate_size": 4864, "num_hidden_layers": 24, "num_attention_heads": 14,
                 "num_key_value_heads": 2, "max_position_embeddings": 1024,
                 "rms_norm_eps": 1e-6, "tie_word_embeddings": true}\
                """,
                2),

        /** Llama 3.1 8B. */
        LLAMA(
                "llama8b",
                """
                {"model_type": "llama", "vocab_size": 128256, "hidden_size": 4096,
                 "intermediate_size": 14336, "num_hidden_layers": 32, "num_attention_heads": 32,
                 "num_key_value_heads": 8, "max_position_embeddings": 131072,
                 "rms_norm_eps": 1e-5, "rope_theta": 500000.0,
                 "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                                  "high_freq_factor": 4.0,
                                  "original_max_position_embeddings": 8192},
                 "tie_word_embeddings": false}\
                """,
                1);

        private final String spelled;
        private final String config;
        private final int batch;

        Size(String spelled, String config, int batch) {
            this.spelled = spelled;
            this.config = config;
            this.batch = batch;
        }

        /** By the name of the command line. */
        public static Size of(String name) {
            return Arrays.stream(values())
                    .filter(s -> s.spelled.equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new RequestException(
                                    "--shape must be one of "
                                            + Arrays.stream(values())
                                                    .map(s -> s.spelled)
                                                    .collect(Collectors.joining(", "))
                                            + ", got '"
                                            + name
                                            + "'"));
        }

        /** Rows of a step where nothing else is said. */
        public int batch() {
            return batch;
        }
    }

    /**
     * What is timed.
     *
     * @param steps in all; the first is not in the medians
     */
    public record Request(
            Size size,
            Quantization quantization,
            int rank,
            int batch,
            int length,
            int steps,
            Device device) {}

    /**
     * What came out.
     *
     * @param seconds of every step
     * @param processorSeconds of every step, all threads together
     * @param losses of every step
     * @param flop of a step's products: forward, forward again, and the gradient of what goes in
     * @param peakBytes of tensors at one time
     * @param laterRequests how often steps after the first asked the system for memory
     */
    public record Outcome(
            long parameters,
            long trainable,
            double fillSeconds,
            List<Double> seconds,
            List<Double> processorSeconds,
            List<Double> losses,
            double flop,
            long peakBytes,
            long laterRequests) {
        /** Median, without the first. */
        public static double later(List<Double> all) {
            double[] sorted =
                    all.stream()
                            .skip(all.size() > 1 ? 1 : 0)
                            .mapToDouble(d -> d)
                            .sorted()
                            .toArray();
            int n = sorted.length;
            return (sorted[n / 2] + sorted[(n - 1) / 2]) / 2;
        }
    }

    /** All steps, one after the other. */
    public static Outcome run(Request r) {
        var tree = JsonMapper.shared().readTree(r.size.config).asObject();
        long start = System.nanoTime();
        try (CausalLM model = CausalLM.declare(new ConfigJson("shape", tree))) {
            Precision p = Precision.BF16;
            BenchmarkWeights.fill(model, r.device, p.weights(), r.quantization);
            double fill = (System.nanoTime() - start) * 1e-9;
            long parameters = model.size();
            new Lora(r.rank, 2.0 * r.rank, LoraTargets.allLinear()).attachTo(model, 0);
            List<Example> rows = rows(r, model.vocabularySize());
            var settings = new TrainingLoop.Settings(r.batch, 1, 1e-4, 1, 0, p.saved(), true);
            List<Double> seconds = new ArrayList<>();
            List<Double> processor = new ArrayList<>();
            List<Double> losses = new ArrayList<>();
            long requests = 0;
            try (AdamW adam = new AdamW(model.trainable(), 0.9, 0.999, 1e-8, 0.01, true)) {
                var data = new ExampleStream(rows, 1, false, 0);
                var loop = new TrainingLoop(model, data, adam, new Schedule.Constant(0), settings);
                for (int i = 0; i < r.steps; i++) {
                    double since = processorSeconds();
                    long from = System.nanoTime();
                    losses.add(loop.step().loss());
                    seconds.add((System.nanoTime() - from) * 1e-9);
                    processor.add(processorSeconds() - since);
                    requests = i == 0 ? r.device.memory().usage().requests() : requests;
                }
            }
            var usage = r.device.memory().usage();
            return new Outcome(
                    parameters,
                    model.trainableSize(),
                    fill,
                    seconds,
                    processor,
                    losses,
                    flop(model, r, rows),
                    usage.peak(),
                    usage.requests() - requests);
        }
    }

    private static double flop(CausalLM model, Request r, List<Example> rows) {
        double weights = 0;
        for (Linear l : QuantizedModel.layers(model, r.quantization).values()) {
            weights += l.weight().shape().count();
        }
        double head = model.parts().head().weight().shape().count();
        double counted = rows.stream().mapToInt(Example::counted).sum();
        return 3 * 2 * weights * r.batch * r.length + 2 * 2 * head * counted;
    }

    private static double processorSeconds() {
        return ProcessHandle.current().info().totalCpuDuration().map(Duration::toMillis).orElse(0L)
                * 1e-3;
    }

    private static List<Example> rows(Request r, int vocabulary) {
        List<Example> rows = new ArrayList<>();
        for (int b = 0; b < r.batch; b++) {
            int[] ids = new int[r.length];
            for (int t = 0; t < r.length; t++) {
                ids[t] = (int) (Philox.uniform(1, (long) b * r.length + t) * vocabulary);
            }
            int[] labels = ids.clone();
            Arrays.fill(labels, 0, (int) (r.length * PROMPT), Example.NOT_COUNTED);
            rows.add(new Example(ids, labels, ""));
        }
        return rows;
    }
}
