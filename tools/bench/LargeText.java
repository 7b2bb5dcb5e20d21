import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.lugha.models.data.Batch;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.DataSet;
import org.lugha.models.data.Encoder;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.tokenizer.BpeOptions;
import org.lugha.models.tokenizer.BpeTrainer;
import org.lugha.models.tokenizer.Tokenizer;

/**
 * Loads a text of MEBIBYTES (1024 if nothing is said) of shuffled made-up words, packs it into rows
 * and says what that took: java -Xmx512m -cp CLASSES LargeText.java [MEBIBYTES]
 */
final class LargeText {
    private static final int WORDS = 20_000;
    private static final int MAX_LENGTH = 512;

    void main(String[] args) throws IOException {
        long size = (args.length > 0 ? Long.parseLong(args[0]) : 1024) << 20;
        Path folder = Files.createTempDirectory("large-text");
        Path text = folder.resolve("text.jsonl");
        try {
            long begin = System.nanoTime();
            BpeTrainer trainer = new BpeTrainer(BpeOptions.of(8000));
            write(text, size, trainer);
            Tokenizer tokenizer = trainer.train();
            say("wrote %,d MiB in %.0f s", Files.size(text) >> 20, seconds(begin));
            load(text, tokenizer);
        } finally {
            Files.deleteIfExists(text);
            Files.deleteIfExists(folder);
        }
    }

    private static void load(Path text, Tokenizer tokenizer) throws IOException {
        long begin = System.nanoTime();
        DataFile file = new DataFile(text, "", "text", "");
        Encoder encoder = new Encoder(tokenizer, 0, true);
        try (DataSet set = DataSet.read(file, encoder, MAX_LENGTH, tokenizer.vocabSize())) {
            double load = seconds(begin);
            say(
                    "loaded in %.0f s on %d processors (%.1f MB/s): %s",
                    load,
                    Runtime.getRuntime().availableProcessors(),
                    Files.size(text) / 1e6 / load,
                    set.describe());
            say(
                    "%,d MiB outside the heap, of these %,d MiB in a temporary file",
                    set.bytes() >> 20,
                    set.bytesInFile() >> 20);
            pack(set);
        }
        say("heap: at most %,d MiB of %,d MiB", peak() >> 20, Runtime.getRuntime().maxMemory() >> 20);
    }

    /** An epoch in shuffled order, packed into rows. */
    private static void pack(DataSet set) {
        long begin = System.nanoTime();
        ExampleStream stream = ExampleStream.of(List.of(set), 1, true, 1).packed(MAX_LENGTH);
        long tokens = 0;
        long places = 0;
        int batches = 0;
        while (tokens < set.tokens()) {
            Batch batch = stream.batch(8);
            tokens += batch.tokens();
            places += 8L * MAX_LENGTH;
            batches++;
        }
        say(
                "packed %,d tokens in %.0f s: %,d batches of 8 rows of %d, %.1f %% full",
                tokens,
                seconds(begin),
                batches,
                MAX_LENGTH,
                100.0 * tokens / places);
    }

    /** Lines of 5 to 100 words, a few words many times as often as most. */
    private static void write(Path file, long size, BpeTrainer trainer) throws IOException {
        Random random = new Random(1);
        String[] words = new String[WORDS];
        String[] syllables = "ba ki mwa ndo ẹ ọ̀ sha tu lé ngo ɓa pi wa ya zu re".split(" ");
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                word.append(syllables[random.nextInt(syllables.length)]);
            }
            words[i] = word.toString();
        }
        long written = 0;
        StringBuilder line = new StringBuilder();
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (int lines = 0; written < size; lines++) {
                line.setLength(0);
                for (int n = 5 + random.nextInt(96); n > 0; n--) {
                    double u = random.nextDouble();
                    line.append(words[(int) (WORDS * u * u * u)]).append(n > 1 ? " " : "");
                }
                if (lines < 20_000) {
                    trainer.add(line.toString());
                }
                out.write("{\"text\":\"" + line + "\"}\n");
                written += line.toString().getBytes(StandardCharsets.UTF_8).length + 12;
            }
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    /** Bytes of the heap, each part's own peak summed: never less than the real one. */
    private static long peak() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(p -> p.getType() == MemoryType.HEAP)
                .mapToLong(p -> p.getPeakUsage().getUsed())
                .sum();
    }
}
