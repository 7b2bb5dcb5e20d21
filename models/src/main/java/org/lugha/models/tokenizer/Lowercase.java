package org.lugha.models.tokenizer;

import java.util.Locale;

/** Lower case, character by character. */
record Lowercase() implements Normalizer {
    private static final char DOTTED_I = 0x130; // becomes two characters

    @Override
    public Aligned apply(Aligned in) {
        int n = in.length();
        int i = 0;
        while (i < n && isLower(in.charAt(i))) {
            i++;
        }
        if (i == n) {
            return in;
        }
        char[] lower = new char[n];
        for (i = 0; i < n; i++) {
            char c = in.charAt(i);
            int wide = Character.isSurrogate(c) ? in.codePointAt(i) : c;
            if (c == DOTTED_I) {
                return charByChar(in);
            }
            if (wide < Character.MIN_SUPPLEMENTARY_CODE_POINT) {
                lower[i] = Character.toLowerCase(c);
            } else {
                i += Character.toChars(Character.toLowerCase(wide), lower, i) - 1;
            }
        }
        return in.replaced(new String(lower));
    }

    private static boolean isLower(char c) {
        return c < 0x80 ? c < 'A' || c > 'Z' : !Character.isSurrogate(c) && isLowerWide(c);
    }

    private static boolean isLowerWide(char c) {
        return c != DOTTED_I && Character.toLowerCase(c) == c;
    }

    private static Aligned charByChar(Aligned in) {
        Aligned.Builder out = new Aligned.Builder(in);
        for (int i = 0; i < in.length(); ) {
            int c = in.codePointAt(i);
            String lower = Character.toString(c).toLowerCase(Locale.ROOT);
            out.replace(lower.codePointAt(0));
            lower.codePoints().skip(1).forEach(out::insert);
            i += Character.charCount(c);
        }
        return out.build();
    }
}
