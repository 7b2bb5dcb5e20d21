package org.lugha.models.corpus;

import java.text.Normalizer;

/**
 * Whether text is in Normalization Form C, many times quicker than by asking {@link Normalizer}
 * about all of it: composition never crosses a letter without a mark, so only letters with what
 * follows them are asked about, and the answer is remembered.
 */
final class Composition {
    private static final int PLAIN = 0x300; // everything below is composed, whatever stands beside
    private static final int TABLE = 1 << 16;
    private static final int KNOWN = 1 << 12;
    private static final int CHARS_IN_KEY = 4;

    /** Characters that stay as they are whatever stands before them. */
    private static final boolean[] BEGINS = new boolean[TABLE];

    static {
        for (int c = 0; c < TABLE; c++) {
            BEGINS[c] = c < PLAIN || begins(c);
        }
    }

    private final long[] composed = new long[KNOWN];

    /** Whether normalisation to NFC would change nothing. */
    boolean isNfc(String s) {
        int begin = 0;
        for (int i = 0; i < s.length(); ) {
            char c = s.charAt(i);
            if (BEGINS[c]) {
                if (isOpen(s, begin, i) && !isComposed(s, begin, i)) {
                    return false;
                }
                begin = i++;
                continue;
            }
            int point = s.codePointAt(i);
            if (point >= TABLE && begins(point)) {
                if (isOpen(s, begin, i) && !isComposed(s, begin, i)) {
                    return false;
                }
                begin = i;
            }
            i += Character.charCount(point);
        }
        return !isOpen(s, begin, s.length()) || isComposed(s, begin, s.length());
    }

    /** Whether there is something to be asked: more than a character that stays as it is. */
    private static boolean isOpen(String s, int from, int to) {
        return to - from > 1 || from == 0 && to == 1 && !BEGINS[s.charAt(0)];
    }

    private boolean isComposed(String s, int from, int to) {
        if (to - from > CHARS_IN_KEY) {
            return Normalizer.isNormalized(s.substring(from, to), Normalizer.Form.NFC);
        }
        long key = 0;
        for (int i = from; i < to; i++) {
            key = key << 16 | s.charAt(i);
        }
        int slot = (int) (Words.mix(key) & KNOWN - 1);
        if (composed[slot] == key) {
            return true;
        }
        boolean is = Normalizer.isNormalized(s.substring(from, to), Normalizer.Form.NFC);
        if (is) {
            composed[slot] = key;
        }
        return is;
    }

    private static boolean begins(int c) {
        boolean hangulPart = c >= 0x1100 && c < 0x1200;
        boolean vowelOfKiratRai = c >= 0x16D40 && c < 0x16D80;
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.SURROGATE ->
                    false;
            default ->
                    !hangulPart
                            && !vowelOfKiratRai
                            && Normalizer.isNormalized(Character.toString(c), Normalizer.Form.NFC);
        };
    }
}
