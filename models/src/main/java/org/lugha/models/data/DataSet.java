package org.lugha.models.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lugha.models.RequestException;

/**
 * The examples of one data file, cut to the longest allowed length. Rows in which nothing counts
 * after cutting are left out and counted; a file in which nothing counts at all is an error.
 *
 * @param cut examples that were longer
 * @param dropped examples in which no token counted
 */
public record DataSet(DataFile file, List<Example> examples, int cut, int dropped) {

    /** Reads a whole file of text in one of the formats that {@link Encoder#line} knows. */
    public static DataSet read(Path path, String format, Encoder encoder, int maxLength) {
        DataFile file = new DataFile(path, "", format, "");
        return read(file, encoder, maxLength, encoder.tokenizer().vocabSize());
    }

    /** Reads a whole file; {@code vocabulary} bounds the ids. */
    public static DataSet read(DataFile file, Encoder encoder, int maxLength, int vocabulary) {
        List<Example> examples = new ArrayList<>();
        int cut = 0;
        int dropped = 0;
        try (var lines = new ExampleFile(file.path())) {
            while (lines.hasNext()) {
                var line = lines.next();
                Example whole = encoder.line(line, file.format(), file.language());
                line.requireIds(whole, vocabulary);
                Example e = whole.cut(maxLength);
                cut += e.ids().length < whole.ids().length ? 1 : 0;
                if (e.counted() == 0) {
                    dropped++;
                } else {
                    examples.add(e);
                }
            }
        }
        require(file.path(), examples.size(), dropped, maxLength);
        return new DataSet(file, List.copyOf(examples), cut, dropped);
    }

    /** Tokens in all. */
    public long tokens() {
        return examples.stream().mapToLong(e -> e.ids().length).sum();
    }

    /** Tokens that the loss counts. */
    public long counted() {
        return examples.stream().mapToLong(Example::counted).sum();
    }

    /** One line for the log: how much there is and how much of it counts. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%s: %,d examples, %,d tokens, %,d counted (%.1f %%)%s%s",
                file.path(),
                examples.size(),
                tokens(),
                counted(),
                100.0 * counted() / tokens(),
                cut == 0 ? "" : ", " + cut + " cut to max_length",
                dropped == 0 ? "" : ", " + dropped + " left out because no token counts");
    }

    private static void require(Path path, int examples, int dropped, int maxLength) {
        if (examples + dropped == 0) {
            throw ExampleFile.empty(path);
        }
        if (examples == 0) {
            throw new RequestException(
                    path
                            + ": no token counts in any of its "
                            + dropped
                            + " examples within max_length "
                            + maxLength
                            + "; check labels, loss and max_length");
        }
    }
}
