package org.lugha.models.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.lugha.models.corpus.Finding.Level;
import org.lugha.models.data.DataFile;
import org.lugha.models.tokenizer.Tokenizer;

/**
 * Checks data files to their ends: every line by itself, then lines against each other. Nothing is
 * held but what {@link Duplicates} remembers.
 */
public final class CorpusCheck {
    private final Options options;
    private final Consumer<Finding> found;
    private final Map<Level, Long> levels = new EnumMap<>(Level.class);
    private final SequencedMap<String, Long> rules = new TreeMap<>();
    private final List<Checked> files = new ArrayList<>();

    /**
     * What is looked at.
     *
     * @param tokenizer bounds ids and has tags; null where there is none
     * @param tags whether each language needs a token such as {@code <yor>}
     * @param duplicates whether lines are compared with each other
     */
    public record Options(Tokenizer tokenizer, boolean tags, boolean duplicates) {}

    /** What a file came to; {@code examples} are the lines that could be read. */
    public record Checked(
            Path path, String format, long lines, long examples, long errors, long warnings) {}

    /** Every finding is handed on as it is found; there may be one a line, or more. */
    public CorpusCheck(Options options, Consumer<Finding> found) {
        this.options = options;
        this.found = found;
    }

    /** Checks files that belong together: lines are compared across them. */
    public void run(List<DataFile> together, LongConsumer bytes) {
        Duplicates duplicates = options.duplicates() ? new Duplicates() : null;
        Compared compared = new Compared();
        long before = 0;
        for (DataFile file : together) {
            long errors = count(Level.ERROR);
            long warnings = count(Level.WARNING);
            long from = before;
            long[] read = {0};
            FileCheck check =
                    new FileCheck(file, options.tokenizer(), options.tags(), this::report);
            check.run(
                    line -> {
                        if (duplicates != null) {
                            compared.read(line.value());
                            Place place = new Place(line.file(), line.number());
                            pair(duplicates.add(compared, place));
                        }
                    },
                    n -> {
                        read[0] = n;
                        bytes.accept(from + n);
                    });
            before += read[0];
            files.add(
                    new Checked(
                            file.path(),
                            check.format(),
                            check.lines(),
                            check.examples(),
                            count(Level.ERROR) - errors,
                            count(Level.WARNING) - warnings));
        }
    }

    /** How many findings of a level there have been. */
    public long count(Level level) {
        return levels.getOrDefault(level, 0L);
    }

    /** How many findings of each rule there have been. */
    public SequencedMap<String, Long> rules() {
        return new TreeMap<>(rules);
    }

    public List<Checked> files() {
        return List.copyOf(files);
    }

    private void pair(Duplicates.Pair pair) {
        if (pair != null) {
            Level level = pair.isExact() ? Level.WARNING : Level.NOTE;
            String rule = pair.isExact() ? "duplicate" : "near";
            report(new Finding(level, pair.again(), rule, pair.what()));
        }
    }

    private void report(Finding f) {
        levels.merge(f.level(), 1L, Long::sum);
        rules.merge(f.rule(), 1L, Long::sum);
        found.accept(f);
    }
}
