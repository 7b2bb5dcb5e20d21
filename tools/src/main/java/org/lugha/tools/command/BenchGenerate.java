package org.lugha.tools.command;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.lugha.models.RequestException;
import org.lugha.models.measure.BenchmarkShape;
import org.lugha.models.measure.DecodeBenchmark;
import org.lugha.models.settings.Precision;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Limits;
import org.lugha.tools.Resident;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha bench generate --shape small}. */
@Command(
        name = "generate",
        description = "Times generation on random weights; only the shapes matter.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  lugha bench generate --shape qwen0.5b --precision bf16"})
public final class BenchGenerate implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--shape",
            defaultValue = "small",
            description = "small, qwen0.5b or gpt2 (default: ${DEFAULT-VALUE}).")
    private String shape;

    @Option(
            names = "--precision",
            defaultValue = "f32",
            description = "f32 or bf16, of the weights (default: ${DEFAULT-VALUE}).")
    private String precision;

    @Option(
            names = "--batch",
            defaultValue = "1",
            description = "Prompts at once (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--prompt",
            defaultValue = "64",
            description = "Tokens of a prompt (default: ${DEFAULT-VALUE}).")
    private int prompt;

    @Option(
            names = "--new",
            defaultValue = "64",
            description = "New tokens (default: ${DEFAULT-VALUE}).")
    private int fresh;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Of which the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

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
        if (batch < 1 || prompt < 1 || fresh < 1 || rounds < 1 || threads < 0) {
            throw new RequestException(
                    "--batch, --prompt, --new, --rounds and --threads must be at least 1");
        }
        BenchTrain.requirePrecision(precision);
        if (threads > 0) {
            System.setProperty("lugha.threads", Integer.toString(threads));
        }
        Device on = device.equals("auto") ? Devices.best() : Devices.get(device);
        print(
                DecodeBenchmark.run(
                        new DecodeBenchmark.Request(
                                BenchmarkShape.of(shape),
                                Precision.of(precision),
                                batch,
                                prompt,
                                fresh,
                                rounds,
                                on)),
                on);
        return 0;
    }

    private void print(DecodeBenchmark.Outcome o, Device on) {
        ObjectNode j = JsonMapper.shared().createObjectNode();
        j.put("shape", shape)
                .put("dtype", precision.equals("bf16") ? "bfloat16" : "float32")
                .put("batch", batch);
        j.put("prompt", prompt).put("new", fresh);
        j.put(
                "threads",
                Integer.getInteger("lugha.threads", Runtime.getRuntime().availableProcessors()));
        j.put("first_token_s", rounded(o.firstSeconds(), 4));
        j.put("tokens_per_s", rounded(batch / o.tokenSeconds(), 1));
        j.put("bytes_per_token", o.passBytes() / batch);
        j.put("gbytes_per_s", rounded(o.passRate() * 1e-9, 1));
        j.put("copy_gbytes_per_s", rounded(o.copyRate() * 1e-9, 1));
        j.put("share_of_copy", rounded(o.passRate() / o.copyRate(), 3));
        on.limits()
                .map(Limits::bytes)
                .ifPresent(b -> {
                    j.put("read_gbytes_per_s", rounded(b * 1e-9, 1));
                    j.put("share_of_read", rounded(o.passRate() / b, 3));
                });
        j.put("peak_rss_mib", Resident.peakMib());
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
