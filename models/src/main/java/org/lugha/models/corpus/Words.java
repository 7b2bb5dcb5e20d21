package org.lugha.models.corpus;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * The words of one text as hashes, after NFC and {@link Folding}; used again for the next text.
 * Equal words have equal hashes of 64 bits.
 */
final class Words {
    private static final long ODD = 0x9E3779B97F4A7C15L;

    private final Composition composition = new Composition();
    private long[] words = new long[64];
    private int size;
    private int[] letters = new int[256];
    private int length;
    private long all;

    /** Spreads the bits of a number: SplitMix64's last step. */
    static long mix(long x) {
        long z = (x ^ x >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    void clear() {
        size = 0;
        length = 0;
        all = 0;
    }

    /** Takes the words of a text behind those that are there. */
    void add(String text) {
        String s = composition.isNfc(text) ? text : Normalizer.normalize(text, Normalizer.Form.NFC);
        long word = 0;
        for (int i = 0; i < s.length(); ) {
            int c = s.charAt(i);
            c = Character.isSurrogate((char) c) ? s.codePointAt(i) : c;
            i += Character.charCount(c);
            byte kind = Folding.kind(c);
            if (kind != Folding.PART && word != 0) {
                push(mix(word));
                word = 0;
            }
            if (kind != Folding.NONE) {
                int folded = Folding.fold(c);
                letter(folded);
                word = (word + folded) * ODD;
                all = (all + folded) * ODD;
            }
        }
        if (word != 0) {
            push(mix(word));
        }
    }

    /** Takes numbers, each a word. */
    void add(int id) {
        all = (all + id + 1) * ODD;
        letter(id + 1);
        push(mix((id + 1L) * ODD));
    }

    /** Takes the letters of another text behind those that are there, not its words. */
    void take(Words other) {
        for (int i = 0; i < other.length; i++) {
            letter(other.letters[i]);
        }
    }

    int size() {
        return size;
    }

    /** Of all letters, marks and digits, wherever words end; 0 where there are none. */
    long all() {
        return all == 0 ? 0 : mix(all);
    }

    /** Of {@code n} words from {@code i} on. */
    long gram(int i, int n) {
        long h = 0;
        for (int k = i; k < i + n; k++) {
            h = (h + words[k]) * ODD;
        }
        return mix(h);
    }

    /** How many letters, marks and digits there are. */
    int length() {
        return length;
    }

    /** The letters, marks and digits in one case, as many as {@link #length} says. */
    int[] letters() {
        return letters;
    }

    private void letter(int c) {
        if (length == letters.length) {
            letters = Arrays.copyOf(letters, 2 * length);
        }
        letters[length++] = c;
    }

    private void push(long word) {
        if (size == words.length) {
            words = Arrays.copyOf(words, 2 * size);
        }
        words[size++] = word;
    }
}
