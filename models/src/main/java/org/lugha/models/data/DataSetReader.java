package org.lugha.models.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads a file into a {@link DataSet}: one thread reads lines, others make examples of them in
 * chunks, whose order is kept.
 */
final class DataSetReader {
    private static final int LINES = 1 << 10;
    private static final int BYTES = 1 << 18;

    private final DataFile file;
    private final LineEncoder encoder;
    private final int maxLength;
    private final int vocabulary;
    private final ExampleStore store;
    private long cut;
    private long split;
    private long dropped;

    /** What a chunk of lines gave. */
    private record Chunk(List<Example> examples, int cut, int split, int dropped) {}

    DataSetReader(DataFile file, LineEncoder encoder, int maxLength, int vocabulary) {
        this(file, encoder, maxLength, vocabulary, new ExampleStore(vocabulary));
    }

    DataSetReader(
            DataFile file, LineEncoder encoder, int maxLength, int vocabulary, ExampleStore store) {
        this.file = file;
        this.encoder = encoder;
        this.maxLength = maxLength;
        this.vocabulary = vocabulary;
        this.store = store;
    }

    DataSet read(int threads) {
        try {
            try (var work = new InOrder<Chunk>(threads, this::take);
                    var lines = new ExampleFile(file.path())) {
                read(lines, work);
            }
            store.seal();
            DataSet all = new DataSet(file, store, cut, split, dropped);
            all.require(maxLength);
            return all;
        } catch (RuntimeException | Error e) {
            store.close();
            throw e;
        }
    }

    private void read(ExampleFile lines, InOrder<Chunk> work) {
        RuntimeException failure = null;
        while (failure == null && lines.hasNext()) {
            List<ExampleFile.Line> chunk = new ArrayList<>();
            long from = lines.bytesRead();
            try {
                while (lines.hasNext()
                        && chunk.size() < LINES
                        && lines.bytesRead() - from < BYTES) {
                    chunk.add(lines.next());
                }
            } catch (RuntimeException e) {
                failure = e; // what is wrong in an earlier line goes before
            }
            work.submit(() -> examples(chunk));
        }
        work.finish();
        if (failure != null) {
            throw failure;
        }
    }

    private Chunk examples(List<ExampleFile.Line> lines) {
        List<Example> examples = new ArrayList<>(lines.size());
        boolean splits = encoder.splits(file);
        int longer = 0;
        int left = 0;
        for (ExampleFile.Line line : lines) {
            Example whole = encoder.example(line, file);
            line.requireIds(whole, vocabulary);
            longer += whole.ids().length > maxLength ? 1 : 0;
            for (Example e : splits ? whole.split(maxLength) : List.of(whole.cut(maxLength))) {
                if (e.counted() == 0) {
                    left++;
                } else {
                    examples.add(e);
                }
            }
        }
        return new Chunk(examples, splits ? 0 : longer, splits ? longer : 0, left);
    }

    private void take(Chunk chunk) {
        chunk.examples().forEach(store::add);
        cut += chunk.cut();
        split += chunk.split();
        dropped += chunk.dropped();
    }
}
