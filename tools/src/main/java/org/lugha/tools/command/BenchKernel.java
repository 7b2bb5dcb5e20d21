package org.lugha.tools.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lugha.models.RequestException;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Limits;
import org.lugha.runtime.Scope;
import org.lugha.runtime.measure.Family;
import org.lugha.runtime.measure.Timing;
import org.lugha.runtime.measure.Workload;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha bench gemm}, {@code lugha bench attention}, and so on: one a kernel family. */
@Command(mixinStandardHelpOptions = true)
final class BenchKernel implements Callable<Integer> {
    private final Family family;

    @Spec private CommandSpec spec;

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "CASE",
            description = "Comma separated; a case's further words follow after colons.")
    private List<String> sizes = List.of();

    @Option(names = "--threads", defaultValue = "0", description = "Default is one a core.")
    private int threads;

    @Option(
            names = "--precision",
            defaultValue = "f32",
            description =
                    "f32, or bf16 for what a kernel reads in bf16 (default: ${DEFAULT-VALUE}).")
    private String precision;

    @Option(
            names = "--rounds",
            defaultValue = "9",
            description = "Of which the median counts (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            description = "cpu, reference (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--json", description = "One JSON array on standard output.")
    private boolean json;

    @Option(
            names = "--paced",
            description = "Read cases from standard input and time one round of each as it comes.")
    private boolean paced;

    private BenchKernel(Family family) {
        this.family = family;
    }

    /** Gives {@code bench} a command for every family. */
    static void addTo(CommandLine bench) {
        for (Family f : Family.ALL) {
            CommandLine line = new CommandLine(new BenchKernel(f));
            line.getCommandSpec()
                    .usageMessage()
                    .description(
                            "Times kernels of the family " + f.name() + ".",
                            "CASE is " + f.grammar())
                    .footer("", "Example:", "  lugha bench " + f.name() + " --sizes " + example(f));
            bench.addSubcommand(f.name(), line);
        }
    }

    private static String example(Family f) {
        String first = f.standard().getLast();
        return first.substring(f.name().length() + 1).replace(' ', ':');
    }

    @Override
    public Integer call() throws IOException {
        if (!precision.equals("f32") && !precision.equals("bf16")) {
            throw new RequestException("--precision must be f32 or bf16, got '" + precision + "'");
        }
        if (rounds < 1 || threads < 0) {
            throw new RequestException("--rounds and --threads must be at least 1");
        }
        if (threads > 0) {
            System.setProperty("lugha.threads", Integer.toString(threads));
        }
        Device on = Devices.get(device);
        if (paced) {
            pace(on);
        } else {
            table(on, workloads());
        }
        return 0;
    }

    private List<Workload> workloads() {
        List<Workload> all = new ArrayList<>();
        for (String text : sizes.isEmpty() ? family.standard() : sizes) {
            String named = sizes.isEmpty() ? text : family.name() + " " + text.replace(':', ' ');
            all.add(read(precision.equals("bf16") ? named + " bf16" : named));
        }
        return all;
    }

    private static Workload read(String text) {
        try {
            return Family.of(text);
        } catch (IllegalArgumentException e) {
            throw new RequestException(e.getMessage());
        }
    }

    private void table(Device on, List<Workload> all) {
        Limits limits = on.limits().orElse(null);
        var out = spec.commandLine().getOut();
        if (!json) {
            out.println("peak " + (limits == null ? "not measured on " + on.name() : limits.how()));
            out.printf("%-44s %10s %9s %8s %6s%n", "case", "ms", "GFLOP/s", "GB/s", "share");
        }
        List<ObjectNode> rows = new ArrayList<>();
        for (Workload w : all) {
            try (var _ = Scope.open("bench")) {
                double seconds = Timing.of(w.setup().on(on), rounds).median();
                if (json) {
                    rows.add(row(w, seconds, limits));
                } else {
                    out.printf(
                            Locale.ROOT,
                            "%-44s %10.4f %9.1f %8.1f %6s%n",
                            w.what(),
                            seconds * 1e3,
                            w.flop() / seconds * 1e-9,
                            w.bytes() / seconds * 1e-9,
                            limits == null
                                    ? "-"
                                    : String.format(
                                            Locale.ROOT, "%.2f", share(w, seconds, limits)));
                }
            }
        }
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(rows));
        } else if (limits != null) {
            out.println(
                    "share: the least time that peak and memory allow over the time taken; above 1 where"
                            + " operands lie in a cache");
        }
    }

    /** The least time that both ceilings allow, over the time it took. */
    private static double share(Workload w, double seconds, Limits limits) {
        return Math.max(w.flop() / limits.flops(), w.bytes() / limits.bytes()) / seconds;
    }

    private ObjectNode row(Workload w, double seconds, Limits limits) {
        ObjectNode j = JsonMapper.shared().createObjectNode();
        if (family.name().equals("gemm")) {
            List<Integer> s = w.what().sizes();
            j.put("m", s.get(0)).put("n", s.get(1)).put("k", s.get(2));
        }
        j.put("case", w.what().toString());
        j.put(
                "threads",
                Integer.getInteger("lugha.threads", Runtime.getRuntime().availableProcessors()));
        j.put("precision", w.what().words().contains("bf16") ? "bf16" : "f32");
        j.put("seconds", seconds);
        j.put("gflops", w.flop() / seconds * 1e-9);
        j.put("gbytes_per_s", w.bytes() / seconds * 1e-9);
        if (limits != null) {
            j.put("peak_gflops", limits.flops() * 1e-9);
            j.put("peak_gbytes_per_s", limits.bytes() * 1e-9);
            j.put("share", share(w, seconds, limits));
            j.put("peak_how", limits.how());
        }
        return j;
    }

    /** For a script that times another program in turns with this one. */
    private void pace(Device on) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = in.readLine();
        while (line != null) {
            String text = line;
            try (var _ = Scope.open("bench")) {
                Runnable work = read(text).setup().on(on);
                Timing.warmUp(work);
                int calls = Timing.calls(work);
                while (text.equals(line)) {
                    ObjectNode j = JsonMapper.shared().createObjectNode();
                    j.put("case", text).put("seconds", Timing.round(work, calls));
                    spec.commandLine().getOut().println(JsonMapper.shared().writeValueAsString(j));
                    line = in.readLine();
                }
            }
        }
    }
}
