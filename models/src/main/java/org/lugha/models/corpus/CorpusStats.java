package org.lugha.models.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.tokenizer.Tokenizer;
import tools.jackson.databind.JsonNode;

/**
 * Figures of data files by file and by language. Lines that cannot be read, or are wrong for their
 * format, are counted and left out: {@link CorpusCheck} tells them.
 */
public final class CorpusStats {
    /** Pairs of duplicates that are told. */
    private static final int TOLD = 10;

    private final Tokenizer tokenizer;
    private final Duplicates duplicates;
    private final TextMeasure measure;
    private final Compared compared = new Compared();
    private final Figures total = new Figures();
    private final SequencedMap<String, Figures> languages = new TreeMap<>();
    private final List<OfFile> files = new ArrayList<>();
    private final List<String> pairs = new ArrayList<>();
    private long exact;
    private long near;

    /**
     * Figures of a file.
     *
     * @param lines all, blank and bad ones too
     * @param examples lines that were counted
     * @param bad lines that were left out because something is wrong with them
     * @param exact lines that repeat another one, of this file or one before
     * @param near lines that nearly do
     */
    public record OfFile(
            Path path,
            String format,
            long lines,
            long examples,
            long bad,
            long exact,
            long near,
            Figures figures) {}

    /** {@code tokenizer} may be null: then nothing is said of tokens. */
    public CorpusStats(Tokenizer tokenizer, boolean withDuplicates) {
        this.tokenizer = tokenizer;
        this.duplicates = withDuplicates ? new Duplicates() : null;
        this.measure = new TextMeasure(tokenizer);
    }

    /** Reads files; lines are compared across them. */
    public void run(List<DataFile> together, LongConsumer bytes) {
        long before = 0;
        for (DataFile file : together) {
            long from = before;
            long[] read = {0};
            long exactBefore = exact;
            long nearBefore = near;
            long[] examples = {0};
            Figures ofFile = new Figures();
            FileCheck check = new FileCheck(file, tokenizer, false, _ -> {});
            check.run(
                    line -> {
                        examples[0]++;
                        take(file, line, ofFile);
                    },
                    n -> {
                        read[0] = n;
                        bytes.accept(from + n);
                    });
            before += read[0];
            files.add(
                    new OfFile(
                            file.path(),
                            check.format(),
                            check.lines(),
                            examples[0],
                            check.bad(),
                            exact - exactBefore,
                            near - nearBefore,
                            ofFile));
        }
    }

    private void take(DataFile file, ExampleFile.Line line, Figures ofFile) {
        Place place = new Place(line.file(), line.number());
        JsonNode value = line.value();
        List<Said> all = Said.of(value);
        for (Said said : all) {
            measure.read(said.text());
            add(language(file, said.key(), said.language()), place, ofFile);
        }
        if (all.isEmpty() && value.path("input_ids").isArray()) {
            measure.ids(value.path("input_ids").size());
            add(language(file, "input_ids", value.path("language").asString("")), place, ofFile);
        }
        if (duplicates != null) {
            compared.read(value);
            pair(duplicates.add(compared, place));
        }
    }

    private void add(String language, Place place, Figures ofFile) {
        boolean byTokens = tokenizer != null || measure.characters == 0;
        ofFile.add(measure, place, byTokens);
        total.add(measure, place, byTokens);
        languages.computeIfAbsent(language, _ -> new Figures()).add(measure, place, byTokens);
    }

    private void pair(Duplicates.Pair pair) {
        if (pair == null) {
            return;
        }
        exact += pair.isExact() ? 1 : 0;
        near += pair.isExact() ? 0 : 1;
        if (pairs.size() < TOLD) {
            pairs.add(pair.toString());
        }
    }

    /** What the line says, or else the file's own, which is not that of a source; or its name. */
    private static String language(DataFile file, String key, String said) {
        if (!said.isEmpty() && (file.language().isEmpty() || key.equals("src"))) {
            return said;
        }
        if (!file.language().isEmpty()) {
            return file.language();
        }
        String name = file.path().getFileName().toString();
        int dot = name.indexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    /** By name. */
    public SequencedMap<String, Figures> languages() {
        return Collections.unmodifiableSequencedMap(languages);
    }

    /** Of all texts. */
    public Figures total() {
        return total;
    }

    public List<OfFile> files() {
        return List.copyOf(files);
    }

    public boolean hasTokens() {
        return tokenizer != null;
    }

    public boolean hasDuplicates() {
        return duplicates != null;
    }

    /** Lines that say the same as an earlier one; an estimate where {@link #scale} is not 1. */
    public long exact() {
        return exact * scale();
    }

    /** Lines that are nearly the same as an earlier one. */
    public long near() {
        return near;
    }

    /** 1 where all lines were compared, else 2, 4, ...: the part that was. */
    public long scale() {
        return duplicates == null ? 1 : duplicates.scale();
    }

    /** The first few repetitions, each as "b.txt:7 says the same as a.txt:3". */
    public List<String> pairs() {
        return List.copyOf(pairs);
    }
}
