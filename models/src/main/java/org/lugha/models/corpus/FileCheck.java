package org.lugha.models.corpus;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.lugha.models.RequestException;
import org.lugha.models.corpus.Finding.Level;
import org.lugha.models.corpus.TextCheck.Fault;
import org.lugha.models.data.ByteLines;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.data.Rows;
import org.lugha.models.data.Tags;
import org.lugha.models.tokenizer.Tokenizer;
import tools.jackson.databind.JsonNode;

/**
 * Goes through a data file to its end, whatever is wrong with a line, and hands on every finding.
 * Lines are read one by one; one of any length is reported without being held.
 */
final class FileCheck {
    private final DataFile file;
    private final Tokenizer tokenizer;
    private final boolean tags;
    private final Consumer<Finding> found;
    private final TextCheck texts = new TextCheck();
    private final Set<String> asked = new HashSet<>();
    private String format;
    private LineCheck check;
    private long lines;
    private long blank;
    private long returns;
    private long examples;
    private long errors;
    private long bad;
    private long decomposed;
    private long firstDecomposed;

    /**
     * @param file with an empty format where the first line is to tell it
     * @param tokenizer bounds the ids; null where there is none
     * @param tags whether each language needs a token such as {@code <yor>}
     */
    FileCheck(DataFile file, Tokenizer tokenizer, boolean tags, Consumer<Finding> found) {
        this.file = file;
        this.tokenizer = tokenizer;
        this.tags = tags;
        this.found = found;
        this.format = file.format();
    }

    /** Hands on lines in which there is no error, and now and then how many bytes have been. */
    void run(Consumer<ExampleFile.Line> good, LongConsumer progress) {
        Rows rows = new Rows(file.path());
        boolean marked = false;
        try (ByteLines in = new ByteLines(file.path())) {
            while (in.next()) {
                lines++;
                marked |= in.hasMark();
                returns += in.hasCarriageReturn() ? 1 : 0;
                JsonNode value = read(in, rows);
                if (value != null) {
                    take(new ExampleFile.Line(value, file.path(), in.number()), good);
                }
                progress.accept(in.position());
            }
        }
        whole(marked);
    }

    String format() {
        return format.isEmpty() ? "text" : format;
    }

    /** Lines of the file, blank and bad ones too. */
    long lines() {
        return lines;
    }

    /** Lines that could be read, in the right form or not. */
    long examples() {
        return examples;
    }

    /** Lines with an error. */
    long bad() {
        return bad;
    }

    /** Null where the line is blank, a header or cannot be read. */
    private JsonNode read(ByteLines in, Rows rows) {
        Place place = new Place(file.path(), in.number());
        String s;
        try {
            s = in.text();
        } catch (RequestException e) {
            bad++;
            report(Level.ERROR, place, in.isTooLong() ? "length" : "utf8", length(in, place, e));
            return null;
        }
        try {
            if (in.number() == 1 && rows.hasHeader()) {
                rows.header(s);
                return null;
            }
            if (s.isBlank()) {
                blank++;
                return null;
            }
            return rows.read(s, in.number());
        } catch (RequestException e) {
            bad++;
            String rule = rows.kind() == Rows.Kind.TABLE ? "columns" : "json";
            report(Level.ERROR, place, rule, without(place, e));
            return null;
        }
    }

    private static String length(ByteLines in, Place place, RequestException e) {
        String what = without(place, e);
        return in.isTooLong()
                ? String.format(Locale.ROOT, "%s (it has %,d bytes)", what, in.length())
                : what;
    }

    private void take(ExampleFile.Line line, Consumer<ExampleFile.Line> good) {
        examples++;
        long errorsBefore = errors;
        if (check == null) {
            format = format.isEmpty() ? Said.format(line.value()) : format;
            check = new LineCheck(format, tokenizer == null ? 0 : tokenizer.vocabSize());
        }
        Place place = new Place(file.path(), line.number());
        if (tokenizer != null) {
            tag(file.task(), place);
            tag(file.answer(), place);
        }
        check.check(line, (fault, what) -> report(fault, place, what));
        boolean composed = true;
        for (Said said : Said.of(line.value())) {
            boolean[] nfc = {true};
            texts.check(
                    said.key(),
                    said.text(),
                    (fault, what) -> {
                        if (fault.equals(TextCheck.NOT_NFC)) {
                            nfc[0] = false;
                        } else {
                            report(fault, place, what);
                        }
                    });
            composed &= nfc[0];
            language(said, place);
        }
        if (!composed) {
            firstDecomposed = decomposed++ == 0 ? line.number() : firstDecomposed;
        }
        if (errors == errorsBefore) {
            good.accept(line);
        } else {
            bad++;
        }
    }

    private void language(Said said, Place place) {
        boolean answers = !file.task().isEmpty() && file.answer().isEmpty();
        if (tokenizer != null && (tags || answers && said.key().equals("tgt"))) {
            tag(file.language().isEmpty() ? said.language() : file.language(), place);
        }
    }

    /** Reports a tag that the tokenizer does not know, where it is asked for first. */
    private void tag(String name, Place place) {
        if (!name.isEmpty() && asked.add(name)) {
            try {
                Tags.require(tokenizer, Tags.token(name), RequestException::new);
            } catch (RequestException e) {
                report(Level.ERROR, place, "tag", e.getMessage());
            }
        }
    }

    /** What is told of the file and not of a line. */
    private void whole(boolean marked) {
        Place all = new Place(file.path(), 0);
        if (examples == 0) {
            report(
                    Level.ERROR,
                    all,
                    "empty",
                    "has no line that can be read; it needs at least one example");
        }
        if (decomposed > 0) {
            report(
                    Level.WARNING,
                    new Place(file.path(), firstDecomposed),
                    "nfc",
                    count(decomposed, "line is", "lines are")
                            + " not in Unicode's form NFC, this is the first; set"
                            + " data.normalization: nfc, or the same word in two forms is two words"
                            + " to the model");
        }
        if (marked) {
            report(Level.NOTE, all, "mark", "begins with a byte order mark, which is skipped");
        }
        if (returns > 0) {
            String which =
                    returns == lines ? "all lines end" : count(returns, "line ends", "lines end");
            report(Level.NOTE, all, "crlf", which + " in CR LF; the CR is skipped");
        }
        if (blank > 0) {
            report(
                    Level.NOTE,
                    all,
                    "blank",
                    count(blank, "blank line is", "blank lines are") + " skipped");
        }
    }

    static String count(long n, String one, String more) {
        return String.format(Locale.ROOT, "%,d %s", n, n == 1 ? one : more);
    }

    private void report(Fault fault, Place place, String what) {
        report(fault.level(), place, fault.rule(), what);
    }

    private void report(Level level, Place place, String rule, String what) {
        errors += level == Level.ERROR ? 1 : 0;
        found.accept(new Finding(level, place, rule, what));
    }

    /** What a message says behind file and line. */
    static String without(Place place, RequestException e) {
        String prefix = place + ": ";
        String all = e.getMessage();
        return all.startsWith(prefix) ? all.substring(prefix.length()) : all;
    }
}
