package org.lugha.models.data;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.RandomAccess;
import org.lugha.models.RequestException;

/**
 * The examples of one data file, cut to the longest allowed length. Rows in which nothing counts
 * after cutting are left out and counted; a file in which nothing counts at all is an error.
 *
 * <p>The tokens lie outside the heap and large sets in a temporary file, see {@link Column}; the
 * file is tokenised on all processors, or as many threads as the property {@code lugha.threads}
 * says, and what comes out is the same for any number of them. Safe for use by many threads until
 * it is closed.
 */
public final class DataSet implements AutoCloseable {
    private final DataFile file;
    private final ExampleStore store;
    private final long cut;
    private final long split;
    private final long dropped;

    DataSet(DataFile file, ExampleStore store, long cut, long split, long dropped) {
        this.file = file;
        this.store = store;
        this.cut = cut;
        this.split = split;
        this.dropped = dropped;
    }

    /** Reads a whole file of text in one of the formats that {@link LineEncoder} knows. */
    public static DataSet read(Path path, String format, Encoder encoder, int maxLength) {
        DataFile file = new DataFile(path, "", format, "");
        return read(file, encoder, maxLength, encoder.tokenizer().vocabSize());
    }

    /** As {@link #read(DataFile, LineEncoder, int, int)} without more than an encoder says. */
    public static DataSet read(DataFile file, Encoder encoder, int maxLength, int vocabulary) {
        return read(file, LineEncoder.of(encoder), maxLength, vocabulary);
    }

    /**
     * Reads a whole file.
     *
     * @param maxLength tokens of an example; a longer document is split if the encoder's rules say
     *     so, the end of any other line is cut off
     * @param vocabulary bounds the ids
     */
    public static DataSet read(DataFile file, LineEncoder encoder, int maxLength, int vocabulary) {
        int threads =
                Integer.getInteger("lugha.threads", Runtime.getRuntime().availableProcessors());
        return new DataSetReader(file, encoder, maxLength, vocabulary).read(threads);
    }

    /** Where they came from. */
    public DataFile file() {
        return file;
    }

    /** Each is made anew from what is stored whenever it is asked for. */
    public List<Example> examples() {
        return new Rows(store);
    }

    /** Number of examples. */
    public int size() {
        return store.size();
    }

    /** Tokens of an example. */
    public int length(int i) {
        return store.length(i);
    }

    /** Tokens of an example that the loss counts. */
    public int counted(int i) {
        return store.counted(i);
    }

    /** Language of an example; empty where nobody says it. */
    public String language(int i) {
        return store.language(i);
    }

    /** Tokens of the longest example. */
    public int longest() {
        return store.longest();
    }

    /** Lines that were longer than allowed and lost their end. */
    public long cut() {
        return cut;
    }

    /** Documents that were longer than allowed and became several examples. */
    public long split() {
        return split;
    }

    /** Examples in which no token counted, which are not part of the set. */
    public long dropped() {
        return dropped;
    }

    /** Tokens in all. */
    public long tokens() {
        return store.tokens();
    }

    /** Tokens that the loss counts. */
    public long counted() {
        return store.counted();
    }

    /** Bytes outside the heap. */
    public long bytes() {
        return store.bytes()[0];
    }

    /** Bytes of those that are in a temporary file. */
    public long bytesInFile() {
        return store.bytes()[1];
    }

    /** Tokens that count, of the example with the most. */
    public int mostCounted() {
        int most = 0;
        for (int i = 0; i < size(); i++) {
            most = Math.max(most, counted(i));
        }
        return most;
    }

    /** One line for the log: how much there is and how much of it counts. */
    public String describe() {
        return String.format(
                Locale.ROOT,
                "%s: %,d examples, %,d tokens, %,d counted (%.1f %%)%s%s%s",
                file.path(),
                size(),
                tokens(),
                counted(),
                100.0 * counted() / tokens(),
                cut == 0 ? "" : ", " + cut + " cut to max_length",
                split == 0 ? "" : ", " + split + " longer than max_length split",
                dropped == 0 ? "" : ", " + dropped + " left out because no token counts");
    }

    /** Refuses a set without examples. */
    void require(int maxLength) {
        if (size() + dropped == 0) {
            throw ExampleFile.empty(file.path());
        }
        if (size() == 0) {
            throw new RequestException(
                    file.path()
                            + ": no token counts in any of its "
                            + dropped
                            + " examples within max_length "
                            + maxLength
                            + "; check labels, loss and max_length");
        }
    }

    /** Gives its memory back; its examples cannot be asked for any more. */
    @Override
    public void close() {
        store.close();
    }

    private static final class Rows extends AbstractList<Example> implements RandomAccess {
        private final ExampleStore store;

        Rows(ExampleStore store) {
            this.store = store;
        }

        @Override
        public Example get(int i) {
            return store.get(Objects.checkIndex(i, store.size()));
        }

        @Override
        public int size() {
            return store.size();
        }
    }
}
