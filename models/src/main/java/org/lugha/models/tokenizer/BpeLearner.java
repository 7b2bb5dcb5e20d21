package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The merges of a set of counted words, found by keeping the counts of all pairs up to date. A word
 * costs four bytes for each symbol and for each place where a pair was seen.
 */
final class BpeLearner {
    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> merges = new ArrayList<>();
    private final PairCounts pairs = new PairCounts();
    private final PairQueue queue = new PairQueue(pairs);
    private int[] symbols = new int[1 << 10];
    private int[] starts = new int[1 << 8];
    private int[] sizes = new int[1 << 8];
    private long[] counts = new long[1 << 8];
    private int words;
    private int used;
    private int[] grown = new int[64];
    private int grownSize;
    private int[] grownAt = new int[64];
    private int stamp;

    /** Begins with tokens that are there before any merge: special ones and an alphabet. */
    BpeLearner(List<String> tokens) {
        tokens.forEach(this::idOf);
    }

    private int idOf(String token) {
        Integer known = ids.putIfAbsent(token, tokens.size());
        if (known != null) {
            return known;
        }
        tokens.add(token);
        return tokens.size() - 1;
    }

    /** A word as ids, and how often it occurs. */
    void add(int[] word, int from, int to, long count) {
        int n = to - from;
        if (n < 2) {
            return;
        }
        if (used > Integer.MAX_VALUE - 8 - n) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "train a tokenizer: expected at most %d characters of distinct words, got more; give less text",
                            Integer.MAX_VALUE - 8));
        }
        if (used + n > symbols.length) {
            long wanted = Math.max((long) used + n, used + (used >> 1));
            symbols = Arrays.copyOf(symbols, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
        }
        if (words == starts.length) {
            starts = Arrays.copyOf(starts, 2 * words);
            sizes = Arrays.copyOf(sizes, 2 * words);
            counts = Arrays.copyOf(counts, 2 * words);
        }
        System.arraycopy(word, from, symbols, used, n);
        starts[words] = used;
        sizes[words] = n;
        counts[words++] = count;
        used += n;
    }

    /** Merges until there are so many tokens; is told how many there are now and then. */
    void learn(int vocabSize, long minFrequency, IntConsumer progress) {
        countPairs();
        for (int i = 0; i < pairs.size(); i++) {
            queue.push(i);
        }
        while (tokens.size() < vocabSize && !queue.isEmpty()) {
            long then = queue.topCount();
            int pair = queue.pop();
            long now = pairs.count(pair);
            if (now > then) {
                continue; // queued again when its count grew
            }
            if (now < then) {
                if (now >= minFrequency) {
                    queue.push(pair);
                }
                continue;
            }
            if (now < minFrequency) {
                break;
            }
            merge(pair);
            if (tokens.size() % 64 == 0) {
                progress.accept(tokens.size());
            }
        }
    }

    private void countPairs() {
        int[] last = new int[1 << 11];
        for (int w = 0; w < words; w++) {
            for (int i = starts[w]; i < starts[w] + sizes[w] - 1; i++) {
                int pair = pairs.number(PairTable.pair(symbols[i], symbols[i + 1]));
                if (pair >= last.length) {
                    last = Arrays.copyOf(last, 2 * pair);
                }
                pairs.change(pair, counts[w]);
                if (last[pair] != w + 1) {
                    last[pair] = w + 1;
                    pairs.expect(pair);
                }
            }
        }
        pairs.room();
        for (int w = 0; w < words; w++) {
            for (int i = starts[w]; i < starts[w] + sizes[w] - 1; i++) {
                int pair = pairs.number(PairTable.pair(symbols[i], symbols[i + 1]));
                pairs.seenIn(pair, w);
            }
        }
    }

    private void merge(int pair) {
        int left = (int) (pairs.key(pair) >>> 32);
        int right = (int) pairs.key(pair);
        merges.add(tokens.get(left) + " " + tokens.get(right));
        int merged = idOf(tokens.get(left) + tokens.get(right));
        grownSize = 0;
        stamp++;
        for (int word : pairs.takeWords(pair)) {
            merge(word, left, right, merged);
        }
        pairs.change(pair, -pairs.count(pair));
        for (int i = 0; i < grownSize; i++) {
            if (grown[i] != pair && pairs.count(grown[i]) > 0) {
                queue.push(grown[i]);
            }
        }
    }

    /** Replaces the pair in one word, from the left, and corrects the counts of its neighbours. */
    private void merge(int word, int left, int right, int merged) {
        int[] s = symbols;
        int begin = starts[word];
        int end = begin + sizes[word];
        long count = counts[word];
        int to = begin;
        int i = begin;
        while (i < end) {
            if (s[i] != left || i + 1 == end || s[i + 1] != right) {
                s[to++] = s[i++];
                continue;
            }
            if (to > begin) {
                pairs.change(pairs.number(PairTable.pair(s[to - 1], left)), -count);
                grow(PairTable.pair(s[to - 1], merged), word, count);
            }
            if (i + 2 < end) {
                pairs.change(pairs.number(PairTable.pair(right, s[i + 2])), -count);
                grow(PairTable.pair(merged, s[i + 2]), word, count);
            }
            s[to++] = merged;
            i += 2;
        }
        sizes[word] = to - begin;
    }

    private void grow(long key, int word, long count) {
        int pair = pairs.number(key);
        pairs.change(pair, count);
        pairs.seenIn(pair, word);
        if (pair >= grownAt.length) {
            grownAt = Arrays.copyOf(grownAt, 2 * pair);
        }
        if (grownAt[pair] == stamp) {
            return;
        }
        grownAt[pair] = stamp;
        if (grownSize == grown.length) {
            grown = Arrays.copyOf(grown, 2 * grownSize);
        }
        grown[grownSize++] = pair;
    }

    /** All tokens in the order of their ids. */
    List<String> tokens() {
        return tokens;
    }

    /** The merges as "a b", first learned first. */
    List<String> merges() {
        return merges;
    }
}
