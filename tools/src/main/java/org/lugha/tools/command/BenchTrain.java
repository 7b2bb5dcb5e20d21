package org.lugha.tools.command;

import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lugha.models.RequestException;
import org.lugha.models.measure.BenchmarkShape;
import org.lugha.models.measure.StepBenchmark;
import org.lugha.models.settings.Precision;
import org.lugha.runtime.Devices;
import org.lugha.tools.Resident;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha bench train --shape small}. */
@Command(
        name = "train",
        description = "Times training steps on random weights; only the shapes matter.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  lugha bench train --shape small --steps 6 --json"})
public final class BenchTrain implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--shape",
            defaultValue = "small",
            description = "small, qwen0.5b or gpt2 (default: ${DEFAULT-VALUE}).")
    private String shape;

    @Option(names = "--full", description = "Train every weight, no LoRA.")
    private boolean full;

    @Option(
            names = "--precision",
            defaultValue = "f32",
            description =
                    "f32, or bf16 for frozen weights and saved values (default: ${DEFAULT-VALUE}).")
    private String precision;

    @Option(
            names = "--gradient-checkpointing",
            description = "Compute blocks again in backward: less memory, more time.")
    private boolean gradientCheckpointing;

    @Option(
            names = "--prompt-fraction",
            defaultValue = "0.6",
            paramLabel = "F",
            description = "Share of each row that does not count (default: ${DEFAULT-VALUE}).")
    private double promptFraction;

    @Option(
            names = "--rank",
            defaultValue = "16",
            description = "Of the LoRA matrices (default: ${DEFAULT-VALUE}).")
    private int rank;

    @Option(names = "--batch", defaultValue = "0", description = "Rows; default is the shape's.")
    private int batch;

    @Option(names = "--seq", defaultValue = "0", description = "Tokens a row; likewise.")
    private int length;

    @Option(
            names = "--steps",
            defaultValue = "6",
            description = "Timed, after two of warm-up (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--threads", defaultValue = "0", description = "Default is one a core.")
    private int threads;

    @Option(
            names = "--device",
            defaultValue = "auto",
            description = "auto, cpu, reference (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--json", description = "One JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        requireRanges();
        if (threads > 0) {
            System.setProperty("lugha.threads", Integer.toString(threads));
        }
        var on = device.equals("auto") ? Devices.best() : Devices.get(device);
        var outcome =
                StepBenchmark.run(
                        new StepBenchmark.Request(
                                BenchmarkShape.of(shape),
                                full,
                                promptFraction,
                                rank,
                                batch,
                                length,
                                steps,
                                Precision.of(precision),
                                gradientCheckpointing,
                                on));
        print(outcome);
        return 0;
    }

    static void requirePrecision(String given) {
        if (!given.equals("f32") && !given.equals("bf16")) {
            throw new RequestException("--precision must be f32 or bf16, got '" + given + "'");
        }
    }

    private void requireRanges() {
        requirePrecision(precision);
        if (full && precision.equals("bf16")) {
            throw new RequestException(
                    "--precision bf16 is not supported with --full in this version: trained"
                            + " weights stay F32; leave one of them away");
        }
        if (steps < 1 || rank < 1 || batch < 0 || threads < 0) {
            throw new RequestException("--steps, --rank, --batch and --threads must be at least 1");
        }
        if (length < 0 || length == 1) {
            throw new RequestException("--seq must be at least 2, got " + length);
        }
        if (!(promptFraction >= 0 && promptFraction < 1)) {
            throw new RequestException(
                    "--prompt-fraction must be from 0 to below 1, got " + promptFraction);
        }
    }

    private void print(StepBenchmark.Outcome o) {
        double step = o.stepSeconds();
        double tokens = o.batch() * o.length() / step;
        long started =
                ProcessHandle.current()
                        .info()
                        .startInstant()
                        .map(Instant::toEpochMilli)
                        .orElse(o.firstStepDone());
        ObjectNode j = JsonMapper.shared().createObjectNode();
        j.put("shape", shape)
                .put("dtype", precision.equals("bf16") ? "bfloat16" : "float32")
                .put("full", full);
        j.put("batch", o.batch()).put("seq", o.length());
        j.put(
                "threads",
                Integer.getInteger("lugha.threads", Runtime.getRuntime().availableProcessors()));
        j.put("gradient_checkpointing", gradientCheckpointing);
        j.put("trainable", o.trainable());
        j.put("step_s", rounded(step, 4));
        j.put("tokens_per_s", rounded(tokens, 1));
        j.put("start_to_first_step_s", rounded((o.firstStepDone() - started) / 1000.0, 2));
        j.put("peak_rss_mib", Resident.peakMib());
        j.put("peak_tensor_mib", rounded(o.peakBytes() / 1048576.0, 1));
        var losses = j.putArray("losses");
        o.losses().forEach(l -> losses.add(rounded(l, 5)));
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(j));
        } else {
            j.forEachEntry((key, value) -> out.printf("%-22s %s%n", key, value));
        }
    }

    private static double rounded(double value, int digits) {
        return Double.parseDouble(String.format(Locale.ROOT, "%." + digits + "f", value));
    }
}
