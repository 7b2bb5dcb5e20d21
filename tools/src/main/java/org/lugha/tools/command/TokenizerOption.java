package org.lugha.tools.command;

import java.nio.file.Path;
import org.lugha.models.RequestException;
import org.lugha.models.tokenizer.Tokenizer;
import picocli.CommandLine.Option;

/** The option that names a tokenizer. */
final class TokenizerOption {
    @Option(
            names = "--tokenizer",
            required = true,
            paramLabel = "DIR",
            description = "A folder with tokenizer.json or tokenizer.model, or such a file.")
    private Path path;

    Path path() {
        return path;
    }

    Tokenizer load() {
        return Tokenizer.load(path);
    }

    /** A file is not written over the one it is made of. */
    static void requireOther(Path input, Path output) {
        if (input.toAbsolutePath().normalize().equals(output.toAbsolutePath().normalize())) {
            throw new RequestException(
                    "--output is the same file as --input: " + output + "; give another name");
        }
    }
}
