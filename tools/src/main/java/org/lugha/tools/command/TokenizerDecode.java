package org.lugha.tools.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.models.tokenizer.TokenizerException;
import org.lugha.tools.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code lugha tokenizer decode --tokenizer DIR --input FILE.jsonl --output FILE}. */
@Command(
        name = "decode",
        description = "Writes the text of every line of token ids.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  lugha tokenizer decode --tokenizer base --input ids.jsonl --output text.txt"
        })
public final class TokenizerDecode implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private TokenizerOption tokenizer;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE.jsonl",
            description = "Lines with ids.")
    private Path input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "A text a line; of a name that ends in .jsonl, lines with text.")
    private Path output;

    @Option(
            names = "--special-tokens",
            description = "Write special tokens, such as <s>, instead of leaving them out.")
    private boolean special;

    @Override
    public Integer call() {
        Writable.requireFile(output);
        TokenizerOption.requireOther(input, output);
        Tokenizer t = tokenizer.load();
        try (ExampleFile lines = new ExampleFile(input);
                Staged file = Staged.file(output)) {
            long broken = write(t, lines, file.path());
            file.commit();
            if (broken > 0) {
                PrintWriter err = spec.commandLine().getErr();
                err.println(
                        "note: "
                                + broken
                                + " of the texts hold line feeds and take several lines; a name"
                                + " that ends in .jsonl gives one line a text");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return 0;
    }

    /** Says how many texts take several lines. */
    private long write(Tokenizer t, ExampleFile lines, Path file) throws IOException {
        boolean objects = output.toString().endsWith(".jsonl");
        long broken = 0;
        try (Writer out = Files.newBufferedWriter(file);
                Progress progress = new Progress("decode bytes", Files.size(input))) {
            while (lines.hasNext()) {
                String text = text(t, lines.next());
                if (objects) {
                    var o = JsonMapper.shared().createObjectNode().put("text", text);
                    out.write(JsonMapper.shared().writeValueAsString(o));
                } else {
                    out.write(text);
                    broken += text.indexOf('\n') >= 0 ? 1 : 0;
                }
                out.write('\n');
                progress.at(lines.bytesRead(), "");
            }
        }
        return broken;
    }

    private String text(Tokenizer t, ExampleFile.Line line) {
        int[] ids = line.integers("ids");
        try {
            for (int id : ids) {
                t.token(id);
            }
        } catch (TokenizerException e) {
            throw line.wrong("ids: " + e.getMessage());
        }
        return t.decode(ids, !special);
    }
}
