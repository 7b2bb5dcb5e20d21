package org.lugha.models.tokenizer;

import java.text.Normalizer;
import java.text.Normalizer.Form;

/**
 * One of Unicode's normalization forms. A character that is composed of several has the range of
 * the first of them, as in the reference.
 */
record UnicodeForm(Form form) implements org.lugha.models.tokenizer.Normalizer {
    private static final char FIRST_MARK = 0x300;

    @Override
    public Aligned apply(Aligned in) {
        if (plain(in)) {
            return in;
        }
        String text = in.text();
        if (Normalizer.isNormalized(text, form)) {
            return in;
        }
        Aligned.Builder out = new Aligned.Builder(in);
        for (int from = 0; from < text.length(); ) {
            int to = segment(text, from);
            write(text.substring(from, to), to, out);
            from = to;
        }
        return out.build();
    }

    /** Whether no character is one that this form changes, going by the smallest of those. */
    private boolean plain(Aligned in) {
        char least =
                switch (form) {
                    case NFC -> FIRST_MARK;
                    case NFD -> 0xC0;
                    case NFKC, NFKD -> 0xA0;
                };
        for (int i = 0; i < in.length(); i++) {
            if (in.charAt(i) >= least) {
                return false;
            }
        }
        return true;
    }

    /** The end of what may change together with the character at a position. */
    private static int segment(String text, int from) {
        int to = from + Character.charCount(text.codePointAt(from));
        while (to < text.length() && joins(text.codePointAt(to))) {
            to += Character.charCount(text.codePointAt(to));
        }
        return to;
    }

    /** Whether a character may change together with the one before it. */
    private static boolean joins(int c) {
        if (c < FIRST_MARK) {
            return false;
        }
        String apart = Normalizer.normalize(Character.toString(c), Form.NFKD);
        int first = apart.codePointAt(0);
        return switch (Character.getType(first)) {
            case Character.NON_SPACING_MARK,
                    Character.COMBINING_SPACING_MARK,
                    Character.ENCLOSING_MARK ->
                    true;
            // Vowels and finals of Hangul, and Kirat Rai's vowel signs, are letters that join.
            default ->
                    (first >= 0x1160 && first <= 0x11FF) || (first >= 0x16D63 && first <= 0x16D6A);
        };
    }

    private void write(String segment, int to, Aligned.Builder out) {
        boolean canonical = form == Form.NFC || form == Form.NFD;
        if (segment.codePoints().anyMatch(c -> Characters.staysWhole(c, canonical))) {
            out.copyTo(to);
            return;
        }
        String made = Normalizer.normalize(segment, form);
        if (made.equals(segment)) {
            out.copyTo(to);
            return;
        }
        Parts parts = new Parts(segment, canonical ? Form.NFD : Form.NFKD);
        boolean composed = form == Form.NFC || form == Form.NFKC;
        made.codePoints().forEach(c -> out.change(c, composed ? parts.takeAll(c) : parts.take(c)));
        out.copyTo(to);
    }

    /** What the characters of a segment are made of; the first part of each replaces it. */
    private static final class Parts {
        private final int[] parts;
        private final int[] changes;
        private int size;

        Parts(String segment, Form form) {
            int most = Normalizer.normalize(segment, form).length();
            parts = new int[most];
            changes = new int[most];
            segment.codePoints()
                    .forEach(c -> {
                        int begin = size;
                        Normalizer.normalize(Character.toString(c), form)
                                .codePoints()
                                .forEach(part -> {
                                    changes[size] = size == begin ? 0 : 1;
                                    parts[size++] = part;
                                });
                    });
        }

        int take(int c) {
            for (int i = 0; i < size; i++) {
                if (parts[i] == c) {
                    parts[i] = -1;
                    return changes[i];
                }
            }
            return 0;
        }

        /** A composed character takes its first part's place and removes the others. */
        int takeAll(int c) {
            int[] own =
                    Normalizer.normalize(Character.toString(c), Form.NFD).codePoints().toArray();
            int change = take(own[0]);
            for (int i = 1; i < own.length; i++) {
                change += take(own[i]) - 1;
            }
            return change;
        }
    }
}
