package org.lugha.tools.command;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.lugha.models.RequestException;
import org.lugha.models.measure.BenchmarkShape;
import org.lugha.models.measure.OpenBenchmark;
import org.lugha.runtime.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha bench open --shape qwen0.5b}. */
@Command(
        name = "open",
        description = {
            "Times the opening of a BF16 checkpoint, which it",
            "writes to the temporary folder first (qwen0.5b: 1 GB)."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  lugha bench open --shape qwen0.5b"})
public final class BenchOpen implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--shape",
            defaultValue = "qwen0.5b",
            description = "small, qwen0.5b or gpt2 (default: ${DEFAULT-VALUE}).")
    private String shape;

    @Option(
            names = "--rounds",
            defaultValue = "9",
            description = "Of which the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--device",
            defaultValue = "auto",
            description = "auto, cpu, reference (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--json", description = "One JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        if (rounds < 1) {
            throw new RequestException("--rounds must be at least 1");
        }
        var on = device.equals("auto") ? Devices.best() : Devices.get(device);
        var o = OpenBenchmark.run(BenchmarkShape.of(shape), rounds, on);
        ObjectNode j = JsonMapper.shared().createObjectNode();
        j.put("shape", shape).put("dtype", "bfloat16");
        j.put("file_mib", rounded(o.fileBytes() / 1048576.0, 1));
        j.put("first_open_s", rounded(o.firstSeconds(), 4));
        j.put("open_s", rounded(o.seconds(), 4));
        j.put("heap_kib", rounded(o.heapBytes() / 1024.0, 1));
        j.put("device_kib", rounded(o.deviceBytes() / 1024.0, 1));
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(j));
        } else {
            j.forEachEntry((key, value) -> out.printf("%-22s %s%n", key, value));
        }
        return 0;
    }

    private static double rounded(double value, int digits) {
        return Double.parseDouble(String.format(Locale.ROOT, "%." + digits + "f", value));
    }
}
