package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The parts of words that a Unigram vocabulary is chosen from: those at two places or more of the
 * distinct words, of which no longer part occurs just as often, going by occurrences times length.
 * They are the branching nodes of a suffix tree, found by sorting suffixes symbol by symbol; a
 * suffix costs four bytes. In a long text only the most frequent words are searched.
 */
final class SeedPieces {
    private static final int MOST_SYMBOLS = 1 << 25;

    private final CountedText text;
    private final char[] symbols;
    private final int longest;
    private final int[] owners;
    private final int[] suffixes;
    private final int[] buckets;

    /** Parts of one bucket: their place in the text, length and count. */
    private static final class Found {
        private int[] places = new int[64];
        private int[] lengths = new int[64];
        private long[] weights = new long[64];
        private int size;

        void add(int place, int length, long weight) {
            if (size == places.length) {
                places = Arrays.copyOf(places, 2 * size);
                lengths = Arrays.copyOf(lengths, 2 * size);
                weights = Arrays.copyOf(weights, 2 * size);
            }
            places[size] = place;
            lengths[size] = length;
            weights[size++] = weight;
        }
    }

    private SeedPieces(CountedText text, int longest) {
        this.text = text;
        this.symbols = text.symbols();
        this.longest = longest;
        long least = leastCount(text);
        this.buckets = new int[text.characters() + 2];
        int n = 0;
        for (int w = 0; w < text.words(); w++) {
            if (text.count(w) >= least) {
                n += text.end(w) - text.start(w);
                for (int i = text.start(w); i < text.end(w); i++) {
                    buckets[symbols[i] + 1]++;
                }
            }
        }
        for (int i = 1; i < buckets.length; i++) {
            buckets[i] += buckets[i - 1];
        }
        this.owners = new int[text.length()];
        this.suffixes = new int[n];
        int[] next = buckets.clone();
        for (int w = 0; w < text.words(); w++) {
            if (text.count(w) >= least) {
                for (int i = text.start(w); i < text.end(w); i++) {
                    owners[i] = w;
                    suffixes[next[symbols[i]]++] = i;
                }
            }
        }
    }

    /** The count from which on words, all together, are not too many symbols. */
    private static long leastCount(CountedText text) {
        if (text.length() <= MOST_SYMBOLS) {
            return 1;
        }
        long[] symbolsOf = new long[1 << 16];
        for (int w = 0; w < text.words(); w++) {
            int count = (int) Math.min(text.count(w), symbolsOf.length - 1);
            symbolsOf[count] += text.end(w) - text.start(w);
        }
        long sum = 0;
        int least = symbolsOf.length;
        while (least > 1 && sum + symbolsOf[least - 1] <= MOST_SYMBOLS) {
            sum += symbolsOf[--least];
        }
        return least;
    }

    /**
     * @param pieces in the order of their symbols, all single ones among them
     * @param scores occurrences times length
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Seeds(String[] pieces, double[] scores) {}

    static Seeds of(CountedText text, int longest, int most, int threads) {
        SeedPieces search = new SeedPieces(text, longest);
        Found[] found = new Found[search.buckets.length - 1];
        Parallel.forEach(
                threads,
                found.length,
                () ->
                        symbol -> {
                            Found own = new Found();
                            int from = search.buckets[symbol];
                            int to = search.buckets[symbol + 1];
                            if (to > from) {
                                search.node(from, to, 1, own);
                            }
                            found[symbol] = own;
                        });
        return search.best(found, most);
    }

    /**
     * Suffixes that begin with the same symbols, so many of them. A single one is in one word
     * alone: it says nothing about others, however often that word occurs.
     */
    private void node(int from, int to, int depth, Found out) {
        if (to - from < 2 && depth > 1) {
            return;
        }
        int first = left(from);
        boolean extends1 = first != CountedText.END;
        for (int i = from + 1; extends1 && i < to; i++) {
            extends1 = left(i) == first;
        }
        // What always follows the same symbol is never better than with that symbol before it.
        if (extends1 && depth > 1) {
            return;
        }
        if (depth == longest) {
            emit(from, to, depth, out);
            return;
        }
        sort(from, to, depth);
        char least = symbol(from, depth);
        if (least == CountedText.END || depth == 1 || least != symbol(to - 1, depth)) {
            emit(from, to, depth, out);
        }
        for (int i = from; i < to; ) {
            char symbol = symbol(i, depth);
            int end = i + 1;
            while (end < to && symbol(end, depth) == symbol) {
                end++;
            }
            if (symbol != CountedText.END) {
                node(i, end, depth + 1, out);
            }
            i = end;
        }
    }

    private char left(int suffix) {
        int place = suffixes[suffix];
        return place == 0 ? CountedText.END : symbols[place - 1];
    }

    private char symbol(int suffix, int depth) {
        return symbols[suffixes[suffix] + depth];
    }

    private void emit(int from, int to, int depth, Found out) {
        long weight = 0;
        for (int i = from; i < to; i++) {
            weight += text.count(owners[suffixes[i]]);
        }
        out.add(suffixes[from], depth, weight);
    }

    /** By the symbol at a depth; quicksort in three parts, insertion where there are few. */
    private void sort(int from, int to, int depth) {
        int lo = from;
        int hi = to;
        while (hi - lo > 12) {
            char pivot = median(lo, hi, depth);
            int less = lo;
            int more = hi;
            for (int i = lo; i < more; ) {
                char symbol = symbol(i, depth);
                if (symbol < pivot) {
                    swap(i++, less++);
                } else if (symbol > pivot) {
                    swap(i, --more);
                } else {
                    i++;
                }
            }
            if (less - lo < hi - more) {
                sort(lo, less, depth);
                lo = more;
            } else {
                sort(more, hi, depth);
                hi = less;
            }
        }
        for (int i = lo + 1; i < hi; i++) {
            int suffix = suffixes[i];
            char symbol = symbols[suffix + depth];
            int at = i;
            while (at > lo && symbol(at - 1, depth) > symbol) {
                suffixes[at] = suffixes[--at];
            }
            suffixes[at] = suffix;
        }
    }

    private char median(int lo, int hi, int depth) {
        char a = symbol(lo, depth);
        char b = symbol((lo + hi) >>> 1, depth);
        char c = symbol(hi - 1, depth);
        return (char) Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private void swap(int i, int j) {
        int suffix = suffixes[i];
        suffixes[i] = suffixes[j];
        suffixes[j] = suffix;
    }

    private Seeds best(Found[] found, int most) {
        long[] scores = new long[Arrays.stream(found).mapToInt(f -> f.size).sum()];
        int n = 0;
        for (Found f : found) {
            for (int i = 0; i < f.size; i++) {
                scores[n++] = f.lengths[i] == 1 ? Long.MAX_VALUE : f.weights[i] * f.lengths[i];
            }
        }
        boolean[] taken = Largest.of(scores, most);
        List<String> pieces = new ArrayList<>();
        double[] kept = new double[scores.length];
        n = 0;
        for (Found f : found) {
            for (int i = 0; i < f.size; i++) {
                if (taken[n++]) {
                    kept[pieces.size()] = (double) f.weights[i] * f.lengths[i];
                    pieces.add(new String(symbols, f.places[i], f.lengths[i]));
                }
            }
        }
        return new Seeds(pieces.toArray(String[]::new), Arrays.copyOf(kept, pieces.size()));
    }
}
