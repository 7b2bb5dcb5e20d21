package org.lugha.tools.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.data.TextFile;
import org.lugha.models.tokenizer.Tokenizer;
import org.lugha.models.tokenizer.TokenizerTrainer;
import org.lugha.tools.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code lugha tokenizer train --input FILE... --model KIND --vocab-size N --output DIR}. */
@Command(
        name = "train",
        description = "Makes the vocabulary of a language from its text.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  lugha tokenizer train --input corpus.txt --model bpe --vocab-size 8000 --output tok",
            "  lugha tokenizer train --input a.txt b.jsonl --model unigram --byte-fallback \\",
            "    --vocab-size 16000 --normalization nfc --special-tokens '<swa>,<yor>' --output tok"
        })
public final class TokenizerTrain implements Callable<Integer> {
    private static final int KIB = 1024;
    private static final int PARTS = 1000;

    @Spec private CommandSpec spec;

    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Texts: .txt, a text a line; .jsonl or .tsv with text, prompt and completion,"
                            + " src and tgt, or messages.")
    private List<Path> input;

    @Mixin private VocabularyOptions vocabulary;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "A folder that is not there yet.")
    private Path output;

    @Option(
            names = "--overwrite",
            description = "Replace the tokenizer that --output holds already.")
    private boolean overwrite;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "One a processor is the default; the result is the same.")
    private Integer threads;

    @Option(names = "--json", description = "One JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        OutputFolder target = new OutputFolder(output, overwrite);
        target.require(false, input.toArray(Path[]::new));
        TokenizerTrainer trainer = vocabulary.trainer(threads());
        Writable.requireFolder(output);
        long begin = System.nanoTime();
        long texts = read(trainer);
        int distinct = trainer.distinctWords();
        long words = trainer.words();
        Tokenizer made;
        try (Progress progress = new Progress("train", PARTS)) {
            made = trainer.train((done, total) -> progress.at(PARTS * done / total, ""));
        }
        try (Staged folder = target.staged()) {
            made.save(folder.path());
            folder.commit();
        }
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("output", output.toString());
        result.put("model", vocabulary.model());
        result.put("vocab_size", made.vocabSize());
        result.put("asked_for", vocabulary.vocabSize());
        result.put("texts", texts);
        result.put("words", words);
        result.put("distinct_words", distinct);
        result.put("seconds", Math.rint((System.nanoTime() - begin) / 1e6) / 1e3);
        print(result, made.vocabSize());
        return 0;
    }

    private int threads() {
        if (threads == null) {
            return Integer.getInteger("lugha.threads", Runtime.getRuntime().availableProcessors());
        }
        Generate.requireRange("--threads", threads, 1, KIB);
        return threads;
    }

    private long read(TokenizerTrainer trainer) {
        long total = 0;
        for (Path file : input) {
            total += size(file);
        }
        long[] texts = new long[1];
        long before = 0;
        long last = total / KIB - 1; // a line is printed for every call that says that all is done
        try (Progress progress = new Progress("read", total / KIB)) {
            for (Path file : input) {
                long from = before;
                TextFile.forEach(
                        file,
                        text -> {
                            texts[0]++;
                            trainer.add(text);
                        },
                        n -> progress.at(Math.min(last, (from + n) / KIB), "KiB"));
                before += size(file);
            }
        }
        if (trainer.words() == 0) {
            throw new RequestException(
                    "tokenizer train: "
                            + input.getFirst()
                            + " has no words; give a file with text");
        }
        return texts[0];
    }

    /** What cannot be read is told when it is. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException _) {
            return 0;
        }
    }

    private void print(Map<String, Object> result, int made) {
        if (made < vocabulary.vocabSize()) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            Locale.ROOT,
                            "note: made %d tokens of %d, the text has no more; give more text or"
                                    + " ask for fewer%n",
                            made,
                            vocabulary.vocabSize());
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(result));
        } else {
            out.printf(
                    Locale.ROOT,
                    "%s: %d tokens, from %d texts of %d words, %d of them different%n",
                    output,
                    made,
                    (long) result.get("texts"),
                    (long) result.get("words"),
                    (int) result.get("distinct_words"));
        }
    }
}
