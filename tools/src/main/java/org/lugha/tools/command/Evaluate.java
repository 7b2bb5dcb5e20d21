package org.lugha.tools.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.lugha.models.RequestException;
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

/**
 * {@code lugha evaluate --hypotheses FILE --references FILE}, or {@code --model DIR --data FILE}.
 */
@Command(
        name = "evaluate",
        description = "How well lines match their references, or how good a model is.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  lugha evaluate --hypotheses hyp.txt --references ref.txt --metrics chrf++",
            "  lugha evaluate --model base --adapter yo --data dev.jsonl --before base"
        })
public final class Evaluate implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Source source;

    /** Two files, or a model. */
    static final class Source {
        @ArgGroup(exclusive = false)
        private TextPair texts;

        @ArgGroup(exclusive = false)
        private ModelOptions model;
    }

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
                    "Of bleu, chrf, chrf++, ter, exact_match, for labels accuracy, macro-f1, and"
                            + " of a model loss, perplexity, bits_per_byte (default: the first"
                            + " four, of a model the last three).")
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

    @Mixin private ModelData data;
    @Mixin private MetricOptions options;

    @Override
    public Integer call() {
        for (Path file : new Path[] {sentences, output, data.samples()}) {
            if (file != null) {
                Writable.requireFile(file);
            }
        }
        if (source.texts == null) {
            measure();
        } else {
            compare();
        }
        return 0;
    }

    private void measure() {
        if (sentences != null) {
            throw new RequestException("--sentences goes with --hypotheses; of a model --samples");
        }
        ModelScores scores = ModelScores.of(source.model, data, metrics, options);
        if (data.samples() != null) {
            Staged.write(data.samples(), scores.samples());
        }
        print(scores.json(), scores.lines());
    }

    private void compare() {
        if (data.isGiven()) {
            throw new RequestException(
                    "--data, --forgetting, --before and --samples go with --model, not with"
                            + " --hypotheses");
        }
        TextPair texts = source.texts;
        TextScores scores =
                TextScores.of(texts.hypotheses, texts.references, key, metrics, options);
        if (sentences != null) {
            Staged.write(sentences, scores.sentences());
        }
        print(scores.json(), scores.lines());
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
