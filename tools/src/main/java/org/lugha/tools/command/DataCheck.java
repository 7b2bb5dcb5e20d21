package org.lugha.tools.command;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lugha.models.RequestException;
import org.lugha.models.corpus.CorpusCheck;
import org.lugha.models.corpus.Finding;
import org.lugha.models.corpus.Finding.Level;
import org.lugha.models.corpus.Overlap;
import org.lugha.models.data.DataFile;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.tools.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lugha data check --input FILE...}. */
@Command(
        name = "check",
        description = {
            "Reports every line that is bad, by file and number, and lines that repeat others.",
            "Exit code 1 when there are errors; warnings may be meant so."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  lugha data check --input train.jsonl --eval dev.jsonl --tokenizer base",
            "  lugha data check --config run.yaml --json"
        })
public final class DataCheck implements Callable<Integer> {
    private static final int KIB = 1024;

    @Spec private CommandSpec spec;
    @Mixin private DataFiles files;

    @Option(
            names = "--eval",
            arity = "1..*",
            paramLabel = "[LANG=]FILE",
            description = "Files to measure on: their lines must not stand in --input.")
    private List<String> eval = List.of();

    @Option(
            names = "--tags",
            description = "Every language needs a token such as <yor> in the tokenizer.")
    private boolean tags;

    @Option(names = "--no-duplicates", description = "Do not compare lines with each other.")
    private boolean separately;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Tell N errors, N warnings and N notes; all are counted (100).")
    private int limit = 100;

    @Option(names = "--json", description = "One JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        List<DataFile> train = files.train("data check");
        List<DataFile> measured = eval.isEmpty() ? files.eval() : files.named(eval);
        Tokenizer tokenizer = files.tokenizer();
        Generate.requireRange("--limit", limit, 0, Integer.MAX_VALUE);
        if (tags && tokenizer == null) {
            throw new RequestException("--tags needs --tokenizer DIR, whose tokens they are");
        }
        Map<Level, Integer> told = new EnumMap<>(Level.class);
        List<Finding> findings = new ArrayList<>();
        CorpusCheck check =
                new CorpusCheck(
                        new CorpusCheck.Options(tokenizer, tags, !separately),
                        f -> {
                            if (told.merge(f.level(), 1, Integer::sum) <= limit) {
                                findings.add(f);
                            }
                        });
        go(check, train);
        go(check, measured);
        Overlap overlap = separately ? null : overlap(check, train, measured);
        CheckText text = new CheckText(check, findings, overlap);
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(text.json());
        } else {
            text.lines().forEach(out::println);
        }
        out.flush();
        if (check.count(Level.ERROR) == 0) {
            return 0;
        }
        spec.commandLine().getErr().println("lugha data check: " + text.total());
        return 1;
    }

    private static void go(CorpusCheck check, List<DataFile> files) {
        long total = DataFiles.bytes(files) / KIB;
        try (Progress progress = new Progress("check", total)) {
            check.run(files, n -> progress.at(Math.min(n / KIB, total - 1), "KiB"));
        }
    }

    /** Null where a line cannot be read: that comes first. */
    private static Overlap overlap(CorpusCheck check, List<DataFile> train, List<DataFile> eval) {
        boolean unreadable =
                List.of("utf8", "json", "columns", "length").stream()
                        .anyMatch(check.rules()::containsKey);
        return eval.isEmpty() || unreadable
                ? null
                : Overlap.between(
                        train.stream().map(DataFile::path).toList(),
                        eval.stream().map(DataFile::path).toList());
    }
}
