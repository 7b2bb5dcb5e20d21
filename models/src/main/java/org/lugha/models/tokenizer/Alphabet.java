package org.lugha.models.tokenizer;

import java.util.Arrays;
import java.util.stream.IntStream;

/** The characters of counted words, from the most frequent on as many as make a share of them. */
final class Alphabet {
    private final boolean[] known = new boolean[Character.MAX_CODE_POINT + 1];

    private Alphabet() {}

    /**
     * @param coverage the share of all characters that has to be covered, 0 to 1
     */
    static Alphabet of(WordCounts words, double coverage) {
        long[] counts = new long[Character.MAX_CODE_POINT + 1];
        int[] points = new int[64];
        long total = 0;
        for (int w = 0; w < words.size(); w++) {
            points = points.length < words.length(w) ? new int[words.length(w)] : points;
            int n = decode(words, w, points);
            for (int i = 0; i < n; i++) {
                counts[points[i]] += words.count(w);
            }
            total += n * words.count(w);
        }
        Alphabet alphabet = new Alphabet();
        long covered = 0;
        var frequent =
                IntStream.range(0, counts.length)
                        .filter(c -> counts[c] > 0)
                        .boxed()
                        .sorted((a, b) ->
                                counts[a] != counts[b]
                                        ? Long.compare(counts[b], counts[a])
                                        : Integer.compare(a, b))
                        .toList();
        for (int c : frequent) {
            if (coverage < 1 && covered >= coverage * total) {
                break;
            }
            covered += counts[c];
            alphabet.known[c] = true;
        }
        return alphabet;
    }

    /** Takes characters in that are needed whether they occur or not. */
    void add(String characters) {
        characters.codePoints().forEach(c -> known[c] = true);
    }

    boolean has(int character) {
        return known[character];
    }

    /** In the order of their code points. */
    int[] characters() {
        return IntStream.range(0, known.length).filter(c -> known[c]).toArray();
    }

    /** The number of each character of the alphabet in that order, -1 for others. */
    int[] numbers() {
        int[] numbers = new int[known.length];
        Arrays.fill(numbers, -1);
        int[] all = characters();
        for (int i = 0; i < all.length; i++) {
            numbers[all[i]] = i;
        }
        return numbers;
    }

    /** A word as characters; gives how many. */
    static int decode(WordCounts words, int word, int[] out) {
        byte[] b = words.block(word);
        int i = words.offset(word);
        int end = i + words.length(word);
        int n = 0;
        while (i < end) {
            int c = b[i];
            if (c >= 0) {
                out[n++] = c;
                i++;
            } else if (c < (byte) 0xE0) {
                out[n++] = (c & 0x1F) << 6 | b[i + 1] & 0x3F;
                i += 2;
            } else if (c < (byte) 0xF0) {
                out[n++] = (c & 0x0F) << 12 | (b[i + 1] & 0x3F) << 6 | b[i + 2] & 0x3F;
                i += 3;
            } else {
                int high = (c & 0x07) << 18 | (b[i + 1] & 0x3F) << 12;
                out[n++] = high | (b[i + 2] & 0x3F) << 6 | b[i + 3] & 0x3F;
                i += 4;
            }
        }
        return n;
    }
}
