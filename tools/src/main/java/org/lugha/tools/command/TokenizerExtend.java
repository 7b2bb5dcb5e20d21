package org.lugha.tools.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lugha.models.ExtendedCheckpoint;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.data.TextFile;
import org.lugha.models.tokenizer.Extension;
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
            "    --input text.txt --output more"
        })
public final class TokenizerExtend implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private TokenizerOption tokenizer;

    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Texts of the language: .txt, .jsonl or .tsv; several if wanted.")
    private List<Path> input;

    @Option(
            names = "--add",
            required = true,
            paramLabel = "N",
            description = "How many tokens, at most.")
    private int add;

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
        Generate.requireRange("--add", add, 1, 1 << 24);
        OutputFolder place = new OutputFolder(output, overwrite);
        place.require(model != null, tokenizer.path(), model);
        Writable.requireFolder(output);
        Tokenizer old = tokenizer.load();
        VocabularyExtender extender = new VocabularyExtender(old);
        ExtendedCheckpoint weights = model == null ? null : ExtendedCheckpoint.of(model);
        try {
            if (weights != null) {
                weights.requireRows(old.vocabSize());
            }
            for (Path file : input) {
                TextFile.forEach(file, extender::add);
            }
            Extension made = extender.extend(add);
            if (made.tokens().isEmpty()) {
                throw new RequestException(
                        "tokenizer extend: the text repeats nothing that the tokenizer has no token"
                                + " for; give more text");
            }
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

    private void report(Extension made) {
        int n = made.tokens().size();
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
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("added", n).put("first_id", made.first());
        o.put("vocabulary", made.tokenizer().vocabSize());
        o.put("tokens_before", made.before()).put("tokens_after", made.after());
        String line =
                json
                        ? JsonMapper.shared().writeValueAsString(o)
                        : String.format(
                                Locale.ROOT,
                                "%,d tokens added, ids %d to %d; the text takes %,d tokens, before"
                                        + " %,d",
                                n,
                                made.first(),
                                made.first() + n - 1,
                                made.after(),
                                made.before());
        spec.commandLine().getOut().println(line);
    }
}
