package org.lugha.models.tokenizer;

import java.util.Arrays;
import java.util.Locale;

/**
 * Counted words as numbers of an alphabet from 1 on, one behind the other, each ended by a 0.
 * Characters outside the alphabet end a word as well: no piece reaches over them. Very long words
 * are cut.
 */
final class CountedText {
    static final char END = 0;
    private static final int LONGEST = 4096;

    private final int[] alphabet;
    private char[] symbols;
    private int length;
    private int[] starts = new int[1 << 8];
    private long[] counts = new long[1 << 8];
    private int words;

    CountedText(WordCounts counted, Alphabet characters) {
        alphabet = characters.characters();
        if (alphabet.length >= Character.MAX_VALUE) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "train a tokenizer: expected at most %d different characters, got %d; cover fewer of them",
                            Character.MAX_VALUE - 1,
                            alphabet.length));
        }
        int[] numbers = characters.numbers();
        symbols = new char[(int) Math.min(counted.bytes() + counted.size(), 1 << 20)];
        int[] points = new int[256];
        for (int w = 0; w < counted.size(); w++) {
            int most = counted.length(w);
            points = points.length < most ? new int[2 * most] : points;
            int n = Alphabet.decode(counted, w, points);
            int from = 0;
            for (int i = 0; i < n; i++) {
                points[i] = numbers[points[i]] + 1;
                if (points[i] == END) {
                    add(points, from, i, counted.count(w));
                    from = i + 1;
                } else if (i - from == LONGEST) {
                    add(points, from, i, counted.count(w));
                    from = i;
                }
            }
            add(points, from, n, counted.count(w));
        }
    }

    private void add(int[] word, int from, int to, long count) {
        if (to == from) {
            return;
        }
        long wanted = (long) length + to - from + 1;
        if (wanted > Integer.MAX_VALUE - 8) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "train a tokenizer: expected at most %d characters of distinct words, got more; give less text",
                            Integer.MAX_VALUE - 8));
        }
        if (wanted > symbols.length) {
            long room = Math.max(wanted, symbols.length + (long) (symbols.length >> 1));
            symbols = Arrays.copyOf(symbols, (int) Math.min(room, Integer.MAX_VALUE - 8));
        }
        if (words == starts.length) {
            starts = Arrays.copyOf(starts, 2 * words);
            counts = Arrays.copyOf(counts, 2 * words);
        }
        starts[words] = length;
        counts[words++] = count;
        for (int i = from; i < to; i++) {
            symbols[length++] = (char) word[i];
        }
        symbols[length++] = END;
    }

    char[] symbols() {
        return symbols;
    }

    /** Where the last word ends. */
    int length() {
        return length;
    }

    int words() {
        return words;
    }

    int start(int word) {
        return starts[word];
    }

    /** Behind the last symbol, where the {@link #END} is. */
    int end(int word) {
        return (word + 1 < words ? starts[word + 1] : length) - 1;
    }

    long count(int word) {
        return counts[word];
    }

    /** How many characters the alphabet has; their numbers are 1 to this. */
    int characters() {
        return alphabet.length;
    }

    /** How many of them occur nowhere. */
    int unused() {
        boolean[] used = new boolean[alphabet.length + 1];
        for (int i = 0; i < length; i++) {
            used[symbols[i]] = true;
        }
        int unused = 0;
        for (int i = 1; i < used.length; i++) {
            unused += used[i] ? 0 : 1;
        }
        return unused;
    }

    /** All characters, as often as they occur. */
    long total() {
        long total = 0;
        for (int w = 0; w < words; w++) {
            total += (end(w) - start(w)) * counts[w];
        }
        return total;
    }

    /** Symbols as the text that they stand for. */
    String text(String piece) {
        StringBuilder text = new StringBuilder(piece.length());
        for (int i = 0; i < piece.length(); i++) {
            text.appendCodePoint(alphabet[piece.charAt(i) - 1]);
        }
        return text.toString();
    }
}
