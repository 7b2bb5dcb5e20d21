package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Merges on top of a vocabulary: starts from words as the tokens they have now and joins the most
 * frequent adjacent pair, of equally frequent ones that whose parts were seen first, again and
 * again.
 */
final class ExtensionLearner {
    /** A new token, what it was joined of, and how often that stood in the text. */
    record Merge(String left, String right, String made, long count) {}

    private final String prefix;
    private final Predicate<String> isNew;
    private final boolean throughKnown;
    private final List<String> symbols = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<Merge> merges = new ArrayList<>();
    private final Set<String> made = new LinkedHashSet<>();
    private final List<int[]> words = new ArrayList<>();
    private final List<Long> counts = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

    private static final class Pair {
        private long count;
        private final List<Integer> words = new ArrayList<>(2);
    }

    private record Candidate(long count, long key) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            return count != other.count
                    ? Long.compare(other.count, count)
                    : Long.compare(key, other.key);
        }
    }

    /**
     * @param prefix what a continuing symbol begins with, which joining takes off
     * @param isNew whether a text may become a token
     * @param throughKnown whether tokens that are there already are joined on the way
     */
    ExtensionLearner(String prefix, Predicate<String> isNew, boolean throughKnown) {
        this.throughKnown = throughKnown;
        this.prefix = prefix;
        this.isNew = isNew;
    }

    /** A word as its symbols and how often it occurs; the words' order decides between equals. */
    void add(List<String> word, long count) {
        if (word.size() > 1) {
            words.add(word.stream().mapToInt(this::idOf).toArray());
            counts.add(count);
        }
    }

    private int idOf(String symbol) {
        Integer known = ids.putIfAbsent(symbol, symbols.size());
        if (known == null) {
            symbols.add(symbol);
        }
        return known == null ? symbols.size() - 1 : known;
    }

    /** Learns up to so many tokens. */
    void learn(int wanted, long minCount) {
        for (int w = 0; w < words.size(); w++) {
            int[] word = words.get(w);
            for (int i = 0; i + 1 < word.length; i++) {
                count(word[i], word[i + 1], w, counts.get(w));
            }
        }
        pairs.forEach((key, p) -> queue.add(new Candidate(p.count, key)));
        while (made.size() < wanted && !queue.isEmpty()) {
            Candidate top = queue.poll();
            Pair p = pairs.get(top.key);
            if (p == null || p.count != top.count) {
                continue; // merged already, or queued again with the count it has now
            }
            if (p.count < minCount) {
                break;
            }
            pairs.remove(top.key);
            String left = symbols.get((int) (top.key >>> 32));
            String right = symbols.get((int) top.key);
            String joined = left + right.substring(prefix.length());
            boolean isNew = this.isNew.test(joined);
            if (isNew) {
                merges.add(new Merge(left, right, joined, p.count));
                made.add(joined);
            }
            if (isNew || throughKnown) {
                merge(p, (int) (top.key >>> 32), (int) top.key, idOf(joined));
            }
        }
    }

    private Pair count(int left, int right, int word, long count) {
        Pair p = pairs.computeIfAbsent(PairTable.pair(left, right), _ -> new Pair());
        p.count += count;
        if (count > 0 && (p.words.isEmpty() || p.words.getLast() != word)) {
            p.words.add(word);
        }
        return p;
    }

    /** Counts the pairs of every word concerned anew. */
    private void merge(Pair pair, int left, int right, int joined) {
        Set<Long> changed = new LinkedHashSet<>();
        for (int w : pair.words) {
            int[] word = words.get(w);
            int[] merged = joined(word, left, right, joined);
            if (merged.length == word.length) {
                continue;
            }
            addPairs(word, w, -counts.get(w), changed);
            addPairs(merged, w, counts.get(w), changed);
            words.set(w, merged);
        }
        pairs.remove(PairTable.pair(left, right));
        for (long key : changed) {
            Pair p = pairs.get(key);
            if (p != null && p.count > 0) {
                queue.add(new Candidate(p.count, key));
            }
        }
    }

    private void addPairs(int[] word, int index, long count, Set<Long> changed) {
        for (int i = 0; i + 1 < word.length; i++) {
            count(word[i], word[i + 1], index, count);
            changed.add(PairTable.pair(word[i], word[i + 1]));
        }
    }

    private static int[] joined(int[] word, int left, int right, int joined) {
        int[] out = new int[word.length];
        int n = 0;
        for (int i = 0; i < word.length; i++) {
            boolean here = word[i] == left && i + 1 < word.length && word[i + 1] == right;
            out[n++] = here ? joined : word[i];
            i += here ? 1 : 0;
        }
        return Arrays.copyOf(out, n);
    }

    /** First learned first; one token may be made in several ways. */
    List<Merge> merges() {
        return merges;
    }
}
