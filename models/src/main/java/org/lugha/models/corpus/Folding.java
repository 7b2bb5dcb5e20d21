package org.lugha.models.corpus;

import java.lang.Character.UnicodeScript;
import java.util.EnumSet;
import java.util.Set;

/**
 * What of a character counts when texts are compared: letters, marks and digits, in one case.
 * Everything else stands between words. Letters of scripts that write no spaces are words of their
 * own.
 */
final class Folding {
    /** Between words. */
    static final byte NONE = 0;

    /** Continues a word. */
    static final byte PART = 1;

    /** A word of its own, with the marks behind it. */
    static final byte ALONE = 2;

    private static final Set<UnicodeScript> WITHOUT_SPACES =
            EnumSet.of(
                    UnicodeScript.HAN,
                    UnicodeScript.HIRAGANA,
                    UnicodeScript.KATAKANA,
                    UnicodeScript.THAI,
                    UnicodeScript.LAO,
                    UnicodeScript.KHMER,
                    UnicodeScript.MYANMAR);

    private static final int TABLE = 1 << 16;
    private static final byte[] KINDS = new byte[TABLE];
    private static final char[] FOLDED = new char[TABLE];

    static {
        for (int c = 0; c < TABLE; c++) {
            KINDS[c] = compute(c);
            FOLDED[c] = (char) lower(c);
        }
    }

    private Folding() {}

    static byte kind(int codePoint) {
        return codePoint < TABLE ? KINDS[codePoint] : compute(codePoint);
    }

    /** The simple case folding: of capitals and of forms that share one. */
    static int fold(int codePoint) {
        return codePoint < TABLE ? FOLDED[codePoint] : lower(codePoint);
    }

    private static int lower(int codePoint) {
        return Character.toLowerCase(Character.toUpperCase(codePoint));
    }

    private static byte compute(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER,
                    Character.LETTER_NUMBER,
                    Character.OTHER_NUMBER ->
                    PART;
            case Character.OTHER_LETTER ->
                    WITHOUT_SPACES.contains(UnicodeScript.of(codePoint)) ? ALONE : PART;
            default -> NONE;
        };
    }
}
