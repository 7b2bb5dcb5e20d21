package org.lugha.tools.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.peft.AdapterReport;
import org.lugha.models.peft.Attached;
import org.lugha.models.peft.DyLora;
import org.lugha.models.peft.LoraCut;
import org.lugha.models.peft.PeftFiles;
import org.lugha.tools.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha adapter ranks --model DIR --adapter DIR --input FILE.jsonl}. */
@Command(
        name = "ranks",
        description = "The loss of a DyLoRA adapter at each rank, and the adapter cut to one.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  lugha adapter ranks --model base --adapter dylora --input dev.jsonl",
            "  lugha adapter ranks --adapter dylora --rank 4 --output small"
        })
public final class AdapterRanks implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private AdapterOptions options;

    @Option(
            names = "--input",
            paramLabel = "FILE.jsonl",
            description = "Lines as score takes them, to measure the loss on.")
    private Path input;

    @Option(
            names = "--ranks",
            split = ",",
            paramLabel = "N",
            description = "To be measured (default: all).")
    private List<Integer> ranks;

    @Option(names = "--rank", paramLabel = "N", description = "To cut the adapter to.")
    private Integer rank;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "A new folder for the cut adapter, a plain LoRA.")
    private Path output;

    @Option(
            names = "--svd",
            description =
                    "Take any LoRA: the nearest update of a lower rank instead of its first rows.")
    private boolean svd;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Path folder = options.adapter();
        AdapterReport report = AdapterReport.of(folder);
        int most = report.config().size("r", 8);
        check(folder, report, most);
        SequencedMap<Integer, Double> losses = new LinkedHashMap<>();
        if (input != null) {
            measure(folder, most, losses);
        }
        if (rank != null) {
            new LoraCut(folder, rank, svd).save(output);
        }
        long perRank = report.layers().stream().mapToLong(l -> (long) l.in() + l.out()).sum();
        print(losses, perRank);
        return 0;
    }

    private void check(Path folder, AdapterReport report, int most) {
        if (report.layers().isEmpty()) {
            throw new RequestException(
                    "--adapter: needs LoRA or DyLoRA, " + folder + " holds " + report.method());
        }
        if (!svd && !report.method().equals("dylora")) {
            throw LoraCut.notCuttable(folder);
        }
        if ((rank == null) != (output == null)) {
            throw new RequestException("--rank and --output belong together; give both or neither");
        }
        if (rank == null && input == null) {
            throw new RequestException(
                    "adapter ranks: give --input to measure on, or --rank and --output to cut");
        }
        if (rank != null) {
            require("--rank", rank, most);
            Writable.requireFolder(output);
            if (Files.exists(output)) {
                throw new RequestException(
                        "--output: " + output + " is there already; choose another name");
            }
        }
        for (int r : ranks == null ? List.<Integer>of() : ranks) {
            require("--ranks", r, most);
        }
    }

    private static void require(String option, int rank, int most) {
        if (rank < 1 || rank > most) {
            throw new RequestException(
                    String.format(
                            Locale.ROOT,
                            "%s: must be from 1 to %d, the adapter's own rank, got %d",
                            option,
                            most,
                            rank));
        }
    }

    private void measure(Path folder, int most, SequencedMap<Integer, Double> losses) {
        List<Integer> all = ranks == null ? IntStream.rangeClosed(1, most).boxed().toList() : ranks;
        try (CausalLM lm = options.base();
                Progress progress = new Progress("ranks", all.size())) {
            FileLoss loss = options.loss(lm, input);
            Attached every = svd ? null : PeftFiles.loadInto(lm, folder);
            for (int r : all) {
                if (svd) {
                    losses.put(r, approximated(lm, folder, r, loss));
                } else {
                    DyLora.use(every, r);
                    losses.put(r, loss.of(lm));
                }
                progress.at(losses.size(), String.format(Locale.ROOT, "loss %.4f", losses.get(r)));
            }
        }
    }

    private static double approximated(CausalLM lm, Path folder, int r, FileLoss loss) {
        try {
            Path parent = Files.createTempDirectory("lugha-ranks");
            try (Staged cut = Staged.folder(parent.resolve("cut"))) {
                new LoraCut(folder, r, true).save(cut.path());
                try (Attached _ = PeftFiles.loadInto(lm, cut.path())) {
                    return loss.of(lm);
                }
            } finally {
                Files.delete(parent);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void print(SequencedMap<Integer, Double> losses, long perRank) {
        var out = spec.commandLine().getOut();
        if (json) {
            ObjectNode o = JsonMapper.shared().createObjectNode();
            var all = o.putArray("ranks");
            losses.forEach((r, loss) -> {
                ObjectNode one = all.addObject();
                one.put("rank", r);
                one.put("loss", loss);
                one.put("parameters", perRank * r);
            });
            if (rank != null) {
                o.put("rank", rank);
                o.put("output", output.toString());
            }
            out.println(JsonMapper.shared().writeValueAsString(o));
            return;
        }
        if (!losses.isEmpty()) {
            out.println("rank      loss    parameters");
        }
        losses.forEach((r, loss) ->
                out.println(String.format(Locale.ROOT, "%4d  %8.4f  %,12d", r, loss, perRank * r)));
        if (rank != null) {
            out.println("rank " + rank + " written to " + output);
        }
    }
}
