package org.lugha.tools.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.corpus.Mixture;
import org.lugha.models.data.DataFile;
import org.lugha.models.settings.RunConfig;
import org.lugha.tools.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha data mix --input [LANG=]FILE... --temperature T}. */
@Command(
        name = "mix",
        description = {
            "Samples languages with p ~ share^(1/T), each file with its weight, as training does.",
            "Tells how often each example comes, and writes them to --output."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  lugha data mix --input yo=yo.txt ha=ha.txt --temperature 3.33 --output mixed.jsonl",
            "  lugha data mix --config run.yaml --size 100000"
        })
public final class DataMix implements Callable<Integer> {
    private static final double USUAL = 3.33;

    @Spec private CommandSpec spec;
    @Mixin private DataFiles files;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "1 is the data as it lies; the run's own, or 3.33, is the default.")
    private Double temperature;

    @Option(
            names = "--weights",
            split = ",",
            paramLabel = "W",
            description = "How many times as often each file of --input is drawn from: 1,2,0.5.")
    private List<Double> weights = List.of();

    @Option(
            names = "--size",
            paramLabel = "N",
            description = "Examples to draw; as many as there are is the default.")
    private Long size;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "The run's own, or 1, is the default.")
    private Long seed;

    @Option(names = "--output", paramLabel = "FILE.jsonl", description = "Takes what was drawn.")
    private Path output;

    @Option(names = "--json", description = "One JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        List<DataFile> sets = sets();
        RunConfig run = files.run();
        double t =
                temperature != null
                        ? temperature
                        : run == null ? USUAL : run.data().samplingTemperature();
        long s = seed != null ? seed : run == null ? 1 : run.seed();
        if (size != null && size < 1) {
            throw new RequestException("--size must be 1 or more, got " + size);
        }
        if (output != null) {
            Writable.requireFile(output);
            sets.forEach(f -> TokenizerOption.requireOther(f.path(), output));
        }
        try (Mixture mixture = new Mixture(sets, t, s, run == null)) {
            long n = size == null ? mixture.size() : size;
            print(draw(mixture, n), t, s, n);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return 0;
    }

    private List<DataFile> sets() {
        List<DataFile> sets = files.train("data mix");
        if (weights.isEmpty()) {
            return sets;
        }
        if (weights.size() != sets.size()) {
            throw new RequestException(
                    "--weights needs one for each of "
                            + sets.size()
                            + " files, got "
                            + weights.size());
        }
        List<DataFile> weighted = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            DataFile f = sets.get(i);
            weighted.add(
                    new DataFile(
                            f.path(),
                            f.language(),
                            f.format(),
                            f.licence(),
                            f.consent(),
                            weights.get(i),
                            f.fromStep(),
                            f.untilStep()));
        }
        return weighted;
    }

    private List<Mixture.Set> draw(Mixture mixture, long n) throws IOException {
        try (Progress progress = new Progress("mix", n)) {
            if (output == null) {
                return mixture.draw(n, null, i -> progress.at(i, ""));
            }
            mixture.requireOneFormat();
            try (Staged file = Staged.file(output)) {
                List<Mixture.Set> sets;
                try (OutputStream out =
                        new BufferedOutputStream(Files.newOutputStream(file.path()), 1 << 16)) {
                    sets = mixture.draw(n, out, i -> progress.at(i, ""));
                }
                file.commit();
                return sets;
            }
        }
    }

    private void print(List<Mixture.Set> sets, double t, long s, long n) {
        var out = spec.commandLine().getOut();
        if (!json) {
            out.println(
                    row(
                            "file",
                            "language",
                            "examples",
                            "share",
                            "weight",
                            "asked",
                            "drawn",
                            "realised",
                            "epochs"));
            sets.forEach(set -> out.println(line(set)));
            return;
        }
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("temperature", t).put("seed", s).put("size", n);
        ArrayNode array = o.putArray("sets");
        for (Mixture.Set set : sets) {
            ObjectNode one = array.addObject();
            one.put("path", set.file().path().toString()).put("language", set.language());
            one.put("examples", set.examples()).put("share", set.share());
            one.put("weight", set.file().weight()).put("asked", set.asked());
            one.put("drawn", set.drawn()).put("realised", set.realised());
            one.put("epochs", set.epochs());
        }
        out.println(JsonMapper.shared().writeValueAsString(o));
    }

    private static String line(Mixture.Set set) {
        return row(
                set.file().path(),
                set.language().isEmpty() ? "-" : set.language(),
                String.format(Locale.ROOT, "%,d", set.examples()),
                percent(set.share()),
                String.format(Locale.ROOT, "%.4g", set.file().weight()),
                percent(set.asked()),
                String.format(Locale.ROOT, "%,d", set.drawn()),
                percent(set.realised()),
                String.format(Locale.ROOT, "%.3f", set.epochs()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private static String row(Object... cells) {
        return String.format(Locale.ROOT, "%-32s %-9s %11s %9s %7s %9s %11s %9s %8s", cells);
    }
}
