package org.lugha.tools.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.tokenizer.Encoding;
import org.lugha.models.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** {@code lugha tokenizer encode --tokenizer DIR --input FILE --output FILE.jsonl}. */
@Command(
        name = "encode",
        description = "Writes the token ids of every line of a text, or of every text of a .jsonl.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  lugha tokenizer encode --tokenizer base --input text.txt --output ids.jsonl"
        })
public final class TokenizerEncode implements Callable<Integer> {
    @Mixin private TokenizerOption tokenizer;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "A text a line, or a .jsonl file of lines with text.")
    private Path input;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE.jsonl",
            description = "Lines with ids and tokens.")
    private Path output;

    @Option(
            names = "--no-special-tokens",
            description = "Leave out what the post-processor adds, such as <s>.")
    private boolean plain;

    @Override
    public Integer call() {
        Writable.requireFile(output);
        TokenizerOption.requireOther(input, output);
        Tokenizer t = tokenizer.load();
        try (Staged file = Staged.file(output)) {
            write(t, file.path());
            file.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return 0;
    }

    private void write(Tokenizer t, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
                JsonGenerator json =
                        JsonMapper.shared()
                                .writer()
                                .withRootValueSeparator("")
                                .createGenerator(out)) {
            new TextLines(input).forEach("encode", text -> line(t, t.encode(text, !plain), json));
        }
    }

    private static void line(Tokenizer t, Encoding e, JsonGenerator json) {
        json.writeStartObject();
        json.writeName("ids");
        json.writeArray(e.ids(), 0, e.size());
        json.writeArrayPropertyStart("tokens");
        for (int id : e.ids()) {
            json.writeString(t.token(id));
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeRaw('\n');
    }
}
