package org.lugha.models.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Kinds of characters as the reference knows them. Some of its tables are of Unicode 8 to 13; where
 * a kind differs from this JDK's, the file characters.txt lists the code points.
 */
final class Characters {
    private static final Pattern SPACE = Pattern.compile(" ");
    private static final Map<String, BitSet> DIFFERENCES = read();
    private static final BitSet MARKS = DIFFERENCES.get("mark");
    private static final BitSet NON_SPACING = DIFFERENCES.get("nonspacing");
    private static final BitSet PUNCTUATION = DIFFERENCES.get("punctuation");
    private static final BitSet OTHER = DIFFERENCES.get("other");
    private static final BitSet CANONICAL = DIFFERENCES.get("canonical");
    private static final BitSet COMPATIBLE = DIFFERENCES.get("compatible");
    private static final BitSet NO_SCRIPT = DIFFERENCES.get("script");

    private Characters() {}

    private static Map<String, BitSet> read() {
        Map<String, BitSet> sets = new HashMap<>();
        try (InputStream in = Characters.class.getResourceAsStream("characters.txt")) {
            String all = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            all.lines()
                    .forEach(line -> {
                        List<String> words = List.of(SPACE.split(line));
                        BitSet set = new BitSet();
                        for (String range : words.subList(1, words.size())) {
                            int dash = range.indexOf('-');
                            int first =
                                    Integer.parseInt(
                                            dash < 0 ? range : range.substring(0, dash), 16);
                            int last =
                                    dash < 0
                                            ? first
                                            : Integer.parseInt(range.substring(dash + 1), 16);
                            set.set(first, last + 1);
                        }
                        sets.put(words.getFirst(), set);
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sets;
    }

    /** White space as Unicode has it. */
    static boolean isSpace(int c) {
        if (c < 0x1680) {
            return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0;
        }
        return c == 0x1680
                || (c >= 0x2000 && c <= 0x200A)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }

    /** Punctuation, and all signs of ASCII. */
    static boolean isPunctuation(int c) {
        if (c < 0x80) {
            return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
        }
        boolean here =
                switch (Character.getType(c)) {
                    case Character.CONNECTOR_PUNCTUATION,
                            Character.DASH_PUNCTUATION,
                            Character.START_PUNCTUATION,
                            Character.END_PUNCTUATION,
                            Character.INITIAL_QUOTE_PUNCTUATION,
                            Character.FINAL_QUOTE_PUNCTUATION,
                            Character.OTHER_PUNCTUATION ->
                            true;
                    default -> false;
                };
        return here != PUNCTUATION.get(c);
    }

    static boolean isNumber(int c) {
        return switch (Character.getType(c)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
                    true;
            default -> false;
        };
    }

    static boolean isMark(int c) {
        boolean here =
                switch (Character.getType(c)) {
                    case Character.NON_SPACING_MARK,
                            Character.COMBINING_SPACING_MARK,
                            Character.ENCLOSING_MARK ->
                            true;
                    default -> false;
                };
        return c >= 0x300 && here != MARKS.get(c);
    }

    static boolean isNonSpacingMark(int c) {
        return c >= 0x300
                && (Character.getType(c) == Character.NON_SPACING_MARK) != NON_SPACING.get(c);
    }

    /** Controls, invisible formats and private characters. */
    static boolean isOther(int c) {
        boolean here =
                switch (Character.getType(c)) {
                    case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE -> true;
                    default -> false;
                };
        return here != OTHER.get(c);
    }

    /** Whether the reference's tables lack what this JDK knows a character to be made of. */
    static boolean staysWhole(int c, boolean canonically) {
        return c > 0x32FE && (canonically ? CANONICAL : COMPATIBLE).get(c);
    }

    /** The script, null where the reference's table has none. */
    static Character.UnicodeScript script(int c) {
        if (c == 0x964 || c == 0x965 || !Character.isDefined(c) || NO_SCRIPT.get(c)) {
            return c == 0x964 || c == 0x965 ? Character.UnicodeScript.COMMON : null;
        }
        return Character.UnicodeScript.of(c);
    }
}
