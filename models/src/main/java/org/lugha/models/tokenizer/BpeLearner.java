package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/** The merges of a set of counted words, found by keeping the counts of all pairs up to date. */
final class BpeLearner {
    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> merges = new ArrayList<>();
    private final List<Word> words = new ArrayList<>();
    private final Map<Long, Pair> pairs = new HashMap<>();
    private final PriorityQueue<Candidate> queue = new PriorityQueue<>();

    private static final class Word {
        private final long count;
        private final int[] symbols;
        private int size;

        Word(int[] symbols, long count) {
            this.symbols = symbols;
            this.count = count;
            this.size = symbols.length;
        }
    }

    /** How often a pair occurs now, and the words it was seen in. */
    private static final class Pair {
        private final long key;
        private long count;
        private int[] words = new int[2];
        private int size;

        Pair(long key) {
            this.key = key;
        }

        void seenIn(int word) {
            if (size > 0 && words[size - 1] == word) {
                return;
            }
            if (size == words.length) {
                words = Arrays.copyOf(words, 2 * size);
            }
            words[size++] = word;
        }
    }

    /** A pair with the count it had when it was queued; most frequent first, then smallest ids. */
    private record Candidate(long count, long key) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            return count != other.count
                    ? Long.compare(other.count, count)
                    : Long.compare(key, other.key);
        }
    }

    BpeLearner(List<String> special) {
        special.forEach(this::idOf);
        int[] alphabet = new int[256];
        Arrays.setAll(alphabet, ByteAlphabet::toChar);
        Arrays.sort(alphabet);
        for (int c : alphabet) {
            idOf(Character.toString(c));
        }
    }

    private int idOf(String token) {
        Integer known = ids.putIfAbsent(token, tokens.size());
        if (known != null) {
            return known;
        }
        tokens.add(token);
        return tokens.size() - 1;
    }

    /** A word in the byte alphabet and how often it occurs. */
    void add(String word, long count) {
        Word w = new Word(word.chars().map(c -> idOf(Character.toString(c))).toArray(), count);
        for (int i = 0; i + 1 < w.size; i++) {
            Pair p = pair(PairTable.pair(w.symbols[i], w.symbols[i + 1]));
            p.count += count;
            p.seenIn(words.size());
        }
        words.add(w);
    }

    private Pair pair(long key) {
        return pairs.computeIfAbsent(key, Pair::new);
    }

    void learn(int vocabSize, long minFrequency) {
        pairs.values().forEach(p -> queue.add(new Candidate(p.count, p.key)));
        while (tokens.size() < vocabSize && !queue.isEmpty()) {
            Candidate top = queue.poll();
            Pair p = pairs.get(top.key);
            if (p == null || p.count > top.count) {
                continue; // merged already, or queued again when its count grew
            }
            if (p.count < top.count) {
                if (p.count >= minFrequency) {
                    queue.add(new Candidate(p.count, p.key));
                }
                continue;
            }
            if (p.count < minFrequency) {
                break;
            }
            merge(p);
        }
    }

    private void merge(Pair p) {
        int left = (int) (p.key >>> 32);
        int right = (int) p.key;
        merges.add(tokens.get(left) + " " + tokens.get(right));
        int merged = idOf(tokens.get(left) + tokens.get(right));
        Set<Pair> grown = new LinkedHashSet<>();
        for (int i = 0; i < p.size; i++) {
            merge(p.words[i], left, right, merged, grown);
        }
        pairs.remove(p.key);
        for (Pair g : grown) {
            if (g.count > 0 && g != p) {
                queue.add(new Candidate(g.count, g.key));
            }
        }
    }

    /** Replaces the pair in one word, from the left, and corrects the counts of its neighbours. */
    private void merge(int index, int left, int right, int merged, Set<Pair> grown) {
        Word w = words.get(index);
        int[] s = w.symbols;
        int to = 0;
        int i = 0;
        while (i < w.size) {
            if (s[i] != left || i + 1 == w.size || s[i + 1] != right) {
                s[to++] = s[i++];
                continue;
            }
            if (to > 0) {
                pair(PairTable.pair(s[to - 1], left)).count -= w.count;
                grow(PairTable.pair(s[to - 1], merged), index, grown);
            }
            if (i + 2 < w.size) {
                pair(PairTable.pair(right, s[i + 2])).count -= w.count;
                grow(PairTable.pair(merged, s[i + 2]), index, grown);
            }
            s[to++] = merged;
            i += 2;
        }
        w.size = to;
    }

    private void grow(long key, int word, Set<Pair> grown) {
        Pair p = pair(key);
        p.count += words.get(word).count;
        p.seenIn(word);
        grown.add(p);
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
