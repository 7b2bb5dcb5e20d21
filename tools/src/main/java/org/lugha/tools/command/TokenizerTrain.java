package org.lugha.tools.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.models.train.TextFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lugha tokenizer train --input FILE... --model bpe --vocab-size N --output DIR}. */
@Command(
        name = "train",
        description = "Makes the vocabulary of a language from its text.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  lugha tokenizer train --input corpus.txt --model bpe --vocab-size 8000 --output tok"
        })
public final class TokenizerTrain implements Callable<Integer> {
    /** The kinds of vocabulary that can be trained. */
    enum Kind {
        BPE
    }

    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Texts: .txt, .jsonl or .tsv; several if wanted.")
    private List<Path> input;

    @Option(names = "--model", required = true, description = "bpe: byte-level BPE.")
    private Kind kind;

    @Option(
            names = "--vocab-size",
            required = true,
            paramLabel = "N",
            description = "Tokens in all.")
    private int vocabSize;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "A folder that is not there yet.")
    private Path output;

    @Override
    public Integer call() {
        if (Files.exists(output)) {
            throw new RequestException(
                    "tokenizer train: " + output + " is there already; choose another name");
        }
        Writable.requireFolder(output);
        BpeOptions options =
                switch (kind) {
                    case BPE -> BpeOptions.of(vocabSize);
                };
        BpeTrainer trainer = new BpeTrainer(options);
        for (Path file : input) {
            TextFile.forEach(file, trainer::add);
        }
        Tokenizer made = trainer.train();
        try (Staged folder = Staged.folder(output)) {
            made.save(folder.path());
            folder.commit();
        }
        return 0;
    }
}
