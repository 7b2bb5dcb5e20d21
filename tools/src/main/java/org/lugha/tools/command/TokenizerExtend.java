package org.lugha.tools.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.lugha.models.ExtendedCheckpoint;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.data.TextFile;
import org.lugha.models.tokenizer.Extension;
import org.lugha.models.tokenizer.SpecialExtension;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.models.tokenizer.VocabularyExtender;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code lugha tokenizer extend --tokenizer DIR --input FILE... --add N --output DIR}. */
@Command(
        name = "extend",
        description = "Adds tokens for a language to a tokenizer, and their rows to its model.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  lugha tokenizer extend --tokenizer base --model base --add 500 \\",
            "    --input text.txt --output more",
            "  lugha tokenizer extend --tokenizer base --model base --special '<yor>' \\",
            "    --output tagged"
        })
public final class TokenizerExtend implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private TokenizerOption tokenizer;

    @Option(
            names = "--input",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Texts of the language: .txt, .jsonl or .tsv; several if wanted.")
    private List<Path> input = List.of();

    @Option(
            names = "--add",
            paramLabel = "N",
            description = "How many tokens to learn from --input, at most.")
    private Integer add;

    @Option(
            names = "--special",
            arity = "1..*",
            paramLabel = "TOKEN",
            description = "Special tokens to add, such as '<translate>' '<yor>'.")
    private List<String> special = List.of();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Also write this checkpoint with embeddings of the new tokens.")
    private Path model;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "A folder that is not there yet.")
    private Path output;

    @Option(
            names = "--overwrite",
            description = "Take the place of a folder that an earlier run wrote.")
    private boolean overwrite;

    @Option(names = "--json", description = "The result as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        requireSomething();
        OutputFolder place = new OutputFolder(output, overwrite);
        place.require(model != null, tokenizer.path(), model);
        Writable.requireFolder(output);
        Tokenizer old = tokenizer.load();
        ExtendedCheckpoint weights = model == null ? null : ExtendedCheckpoint.of(model);
        try {
            if (weights != null) {
                weights.requireRows(old.vocabSize());
            }
            Extension made = extend(old);
            try (Staged folder = place.staged()) {
                if (weights != null) {
                    weights.write(made.first(), made.parts(), folder.path());
                }
                made.tokenizer().save(folder.path());
                folder.commit();
            }
            report(made);
        } finally {
            if (weights != null) {
                weights.close();
            }
        }
        return 0;
    }

    private void requireSomething() {
        if ((add == null) != input.isEmpty() || add == null && special.isEmpty()) {
            throw new RequestException(
                    "tokenizer extend: needs --input FILE... and --add N for tokens that are"
                            + " learned, or --special TOKEN... for special ones, or both");
        }
        if (add != null) {
            Generate.requireRange("--add", add, 1, 1 << 24);
        }
    }

    /** Special tokens first, then what the text gives. */
    private Extension extend(Tokenizer old) {
        Extension tags = SpecialExtension.of(old, special);
        if (add == null) {
            if (tags.tokens().isEmpty()) {
                throw new RequestException(
                        "tokenizer extend: the tokenizer has all of these special tokens already;"
                                + " use it as it is");
            }
            return tags;
        }
        VocabularyExtender extender = new VocabularyExtender(tags.tokenizer());
        for (Path file : input) {
            TextFile.forEach(file, extender::add);
        }
        Extension learned = extender.extend(add);
        if (learned.tokens().isEmpty()) {
            throw new RequestException(
                    "tokenizer extend: the text repeats nothing that the tokenizer has no token"
                            + " for; give more text");
        }
        int n = learned.tokens().size();
        if (n < add) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "note: the text gave "
                                    + n
                                    + " tokens, not "
                                    + add
                                    + "; more text gives more");
        }
        return new Extension(
                learned.tokenizer(),
                tags.first(),
                joined(tags.tokens(), learned.tokens()),
                joined(tags.parts(), learned.parts()),
                learned.before(),
                learned.after());
    }

    private static <T> List<T> joined(List<T> first, List<T> then) {
        return Stream.concat(first.stream(), then.stream()).toList();
    }

    private void report(Extension made) {
        int n = made.tokens().size();
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("added", n).put("first_id", made.first());
        o.put("vocabulary", made.tokenizer().vocabSize());
        o.put("tokens_before", made.before()).put("tokens_after", made.after());
        String text =
                made.before() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                "; the text takes %,d tokens, before %,d",
                                made.after(),
                                made.before());
        String line =
                String.format(
                        Locale.ROOT,
                        "%,d tokens added, ids %d to %d%s",
                        n,
                        made.first(),
                        made.first() + n - 1,
                        text);
        spec.commandLine()
                .getOut()
                .println(json ? JsonMapper.shared().writeValueAsString(o) : line);
    }
}
