package org.lugha.tools.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.lugha.models.corpus.CorpusStats;
import org.lugha.models.data.DataFile;
import org.lugha.tools.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lugha data stats --input FILE...}. */
@Command(
        name = "stats",
        description =
                "Figures by language and by file: size, share, lengths, tokens a word, duplicates,"
                        + " scripts.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  lugha data stats --input swh=web.txt en-sw.jsonl --tokenizer base",
            "  lugha data stats --config run.yaml --json"
        })
public final class DataStats implements Callable<Integer> {
    private static final int KIB = 1024;

    @Spec private CommandSpec spec;
    @Mixin private DataFiles files;

    @Option(names = "--no-duplicates", description = "Do not compare lines with each other.")
    private boolean separately;

    @Option(names = "--json", description = "One JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        List<DataFile> train = files.train("data stats");
        CorpusStats stats = new CorpusStats(files.tokenizer(), !separately);
        long total = DataFiles.bytes(train) / KIB;
        try (Progress progress = new Progress("read", total)) {
            stats.run(train, n -> progress.at(Math.min(n / KIB, total - 1), "KiB"));
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(new StatsJson(stats).text());
        } else {
            new StatsText(stats).lines().forEach(out::println);
        }
        return 0;
    }
}
