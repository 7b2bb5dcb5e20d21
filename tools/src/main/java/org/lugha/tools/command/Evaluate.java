package org.lugha.tools.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha evaluate --hypotheses FILE --references FILE --metrics bleu,chrf}. */
@Command(
        name = "evaluate",
        description = "How well lines match their references.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  lugha evaluate --hypotheses hyp.txt --references ref.txt --metrics chrf++"
        })
public final class Evaluate implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private TextPair texts;

    /** Lines that are there already. */
    static final class TextPair {
        @Option(
                names = "--hypotheses",
                required = true,
                paramLabel = "FILE",
                description = "Text, a line each, or .jsonl.")
        private Path hypotheses;

        @Option(
                names = "--references",
                required = true,
                arity = "1..*",
                paramLabel = "FILE",
                description = "As many lines, in one file or several.")
        private List<Path> references;
    }

    @Option(
            names = "--metrics",
            paramLabel = "LIST",
            description =
                    "Of bleu, chrf, chrf++, ter, exact_match, and for labels accuracy and macro-f1"
                            + " (default: bleu,chrf,chrf++,ter).")
    private String metrics;

    @Option(
            names = "--key",
            defaultValue = "text",
            paramLabel = "KEY",
            description = "Of the lines of .jsonl files (default: ${DEFAULT-VALUE}).")
    private String key;

    @Option(
            names = "--sentences",
            paramLabel = "FILE.jsonl",
            description = "Also write the metrics of every line.")
    private Path sentences;

    @Option(names = "--output", paramLabel = "FILE.json", description = "Also write the JSON.")
    private Path output;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Mixin private MetricOptions options;

    @Override
    public Integer call() {
        for (Path file : new Path[] {sentences, output}) {
            if (file != null) {
                Writable.requireFile(file);
            }
        }
        TextScores scores =
                TextScores.of(texts.hypotheses, texts.references, key, metrics, options);
        if (sentences != null) {
            Staged.write(sentences, scores.sentences());
        }
        print(scores.json(), scores.lines());
        return 0;
    }

    private void print(ObjectNode result, List<String> lines) {
        if (output != null) {
            Staged.write(output, JsonMapper.shared().writeValueAsString(result) + "\n");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(result));
        } else {
            lines.forEach(out::println);
        }
    }
}
