package org.lugha.models.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lugha.models.RequestException;

/**
 * Examples outside the heap: ids of two bytes where the vocabulary allows it, a bit a token that
 * says whether it counts, and 14 bytes an example. Labels are kept only where they are not the ids
 * themselves: from the first such example on, in four bytes a token.
 */
final class ExampleStore implements AutoCloseable {
    private static final int NARROW = 1 << 16;

    private final boolean wide;
    private final Column ids;
    private final Column bits;
    private final Column labels;
    private final Column ends;
    private final Column counts;
    private final Column languages;
    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private int size;
    private int ownLabels = Integer.MAX_VALUE;
    private long firstOwn;
    private long tokens;
    private long counted;
    private int longest;
    private int pending;

    /** For ids below {@code vocabulary}. */
    ExampleStore(int vocabulary) {
        this(vocabulary, Column.IN_MEMORY);
    }

    ExampleStore(int vocabulary, long inMemory) {
        wide = vocabulary > NARROW;
        ids = new Column(inMemory);
        bits = new Column(inMemory);
        labels = new Column(inMemory);
        ends = new Column(inMemory);
        counts = new Column(inMemory);
        languages = new Column(inMemory);
    }

    void add(Example e) {
        Integer language = numbers.computeIfAbsent(e.language(), _ -> names.size());
        if (language == names.size()) {
            names.add(e.language());
        }
        if (language >= NARROW) {
            throw new RequestException(
                    "languages: expected at most 65,536 different ones in a file, got more; name"
                            + " one for the whole file with language:");
        }
        if (size < ownLabels && !labelsAreIds(e)) {
            ownLabels = size;
            firstOwn = tokens;
        }
        for (int t = 0; t < e.ids().length; t++) {
            addToken(e.ids()[t], e.labels()[t]);
        }
        int n = e.counted();
        ends.addLong(tokens);
        counts.addInt(n);
        languages.addChar(language);
        counted += n;
        longest = Math.max(longest, e.ids().length);
        size = Math.addExact(size, 1);
    }

    private void addToken(int id, int label) {
        if (wide) {
            ids.addInt(id);
        } else {
            ids.addChar(id);
        }
        if (ownLabels == Integer.MAX_VALUE) {
            pending |= (label == Example.NOT_COUNTED ? 0 : 1) << (tokens & 7);
            if ((tokens & 7) == 7) {
                bits.addByte(pending);
                pending = 0;
            }
        } else {
            labels.addInt(label);
        }
        tokens++;
    }

    private static boolean labelsAreIds(Example e) {
        for (int t = 0; t < e.ids().length; t++) {
            int label = e.labels()[t];
            if (label != Example.NOT_COUNTED && label != e.ids()[t]) {
                return false;
            }
        }
        return true;
    }

    /** Nothing is added from here on. */
    void seal() {
        bits.addByte(pending);
        columns().forEach(Column::seal);
        numbers.clear();
    }

    Example get(int i) {
        long from = begin(i);
        int n = length(i);
        int[] row = new int[n];
        if (wide) {
            ids.getInts(from, row);
        } else {
            for (int t = 0; t < n; t++) {
                row[t] = ids.getChar(from + t);
            }
        }
        return new Example(row, labels(i, from, row), language(i));
    }

    private int[] labels(int i, long from, int[] row) {
        int[] own = row.clone();
        if (i >= ownLabels) {
            labels.getInts(from - firstOwn, own);
        } else {
            for (int t = 0; t < own.length; t++) {
                if (!bit(from + t)) {
                    own[t] = Example.NOT_COUNTED;
                }
            }
        }
        return own;
    }

    private boolean bit(long token) {
        return (bits.getByte(token >>> 3) >> (token & 7) & 1) != 0;
    }

    private long begin(int i) {
        return i == 0 ? 0 : ends.getLong(i - 1L);
    }

    int length(int i) {
        return (int) (ends.getLong(i) - begin(i));
    }

    int counted(int i) {
        return counts.getInt(i);
    }

    String language(int i) {
        return names.get(languages.getChar(i));
    }

    int size() {
        return size;
    }

    long tokens() {
        return tokens;
    }

    long counted() {
        return counted;
    }

    int longest() {
        return longest;
    }

    /** Bytes that are kept, and how many of them are in a file. */
    long[] bytes() {
        long[] all = new long[2];
        for (Column c : columns()) {
            all[0] += c.size();
            all[1] += c.inFile() ? c.size() : 0;
        }
        return all;
    }

    private List<Column> columns() {
        return Arrays.asList(ids, bits, labels, ends, counts, languages);
    }

    @Override
    public void close() {
        columns().forEach(Column::close);
    }
}
