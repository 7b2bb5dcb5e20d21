package org.lugha.tools.command;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lugha.models.Quantization;
import org.lugha.models.measure.QuantizedBenchmark;
import org.lugha.models.measure.QuantizedBenchmark.Outcome;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.tools.Resident;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha bench qlora --shape llama8b}. */
@Command(
        name = "qlora",
        description = "Times QLoRA's steps on random weights that are quantised one by one.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  lugha bench qlora --shape qwen0.5b --steps 4 --json"})
public final class BenchQlora implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--shape",
            defaultValue = "qwen0.5b",
            description = "qwen0.5b or llama8b (default: ${DEFAULT-VALUE}).")
    private String shape;

    @Option(
            names = "--type",
            defaultValue = "nf4",
            description = "nf4 or int8 (default: ${DEFAULT-VALUE}).")
    private String type;

    @Option(
            names = "--rank",
            defaultValue = "16",
            description = "Of the LoRA matrices (default: ${DEFAULT-VALUE}).")
    private int rank;

    @Option(names = "--batch", defaultValue = "0", description = "Rows; default is the shape's.")
    private int batch;

    @Option(
            names = "--seq",
            defaultValue = "256",
            description = "Tokens a row (default: ${DEFAULT-VALUE}).")
    private int length;

    @Option(
            names = "--steps",
            defaultValue = "3",
            description = "In all; the first is not in the medians (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--threads", defaultValue = "0", description = "Default is one a core.")
    private int threads;

    @Option(names = "--json", description = "One JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        Generate.requireRange("--rank", rank, 1, 1 << 16);
        Generate.requireRange("--steps", steps, 1, 1 << 20);
        Generate.requireRange("--seq", length, 2, 1 << 16);
        Generate.requireRange("--batch", batch, 0, 1 << 16);
        Generate.requireRange("--threads", threads, 0, 1 << 12);
        var size = QuantizedBenchmark.Size.of(shape);
        boolean nf4 = Quantization.Type.of("--type", type) == Quantization.Type.NF4;
        if (threads > 0) {
            System.setProperty("lugha.threads", Integer.toString(threads));
        }
        Device cpu = Devices.get("cpu");
        int rows = batch == 0 ? size.batch() : batch;
        Quantization q = nf4 ? Quantization.nf4() : Quantization.int8();
        print(
                QuantizedBenchmark.run(
                        new QuantizedBenchmark.Request(size, q, rank, rows, length, steps, cpu)),
                rows,
                cpu);
        return 0;
    }

    private void print(Outcome o, int rows, Device cpu) {
        long peak = Resident.peakMib();
        double step = Outcome.later(o.seconds());
        ObjectNode j = JsonMapper.shared().createObjectNode();
        j.put("shape", shape).put("quantization", type).put("batch", rows).put("seq", length);
        j.put("parameters", o.parameters()).put("trainable", o.trainable());
        j.put("weights_s", rounded(o.fillSeconds(), 2));
        j.put("step_s", rounded(step, 3));
        j.put("tokens_per_s", rounded(rows * length / step, 2));
        j.put("processor_s", rounded(Outcome.later(o.processorSeconds()), 3));
        j.put("gflop", rounded(o.flop() * 1e-9, 1));
        cpu.limits()
                .ifPresent(l -> {
                    double floor = o.flop() / l.flops();
                    j.put("peak_gflops", rounded(l.flops() * 1e-9, 1));
                    j.put("floor_s", rounded(floor, 3));
                    j.put("floor_tokens_per_s", rounded(rows * length / floor, 2));
                });
        j.put("peak_rss_mib", peak);
        j.put("peak_tensor_mib", rounded(o.peakBytes() / 1048576.0, 1));
        j.put("later_requests", o.laterRequests());
        list(j, "steps_s", o.seconds(), 3);
        list(j, "losses", o.losses(), 5);
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(j));
        } else {
            j.forEachEntry((key, value) -> out.printf("%-22s %s%n", key, value));
        }
    }

    private static void list(ObjectNode j, String key, List<Double> all, int digits) {
        var to = j.putArray(key);
        all.forEach(v -> to.add(rounded(v, digits)));
    }

    private static double rounded(double value, int digits) {
        return Double.parseDouble(String.format(Locale.ROOT, "%." + digits + "f", value));
    }
}
