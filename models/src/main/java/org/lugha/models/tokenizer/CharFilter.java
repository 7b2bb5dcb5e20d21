package org.lugha.models.tokenizer;

import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** Leaves characters out and puts others, one for one, in the place of the rest. */
record CharFilter(IntPredicate keep, IntUnaryOperator map) implements Normalizer {
    /** Without combining marks. */
    static final CharFilter ACCENTS = new CharFilter(c -> !Characters.isMark(c), c -> c);

    /** What SentencePiece's nmt rules say of controls and of spaces. */
    static final CharFilter NMT = new CharFilter(c -> !isControl(c), c -> isSpace(c) ? ' ' : c);

    @Override
    public Aligned apply(Aligned in) {
        int n = in.length();
        int i = 0;
        while (i < n && stays(in.codePointAt(i))) {
            i += Character.charCount(in.codePointAt(i));
        }
        if (i == n) {
            return in;
        }
        Aligned.Builder out = new Aligned.Builder(in);
        for (; i < n; i += Character.charCount(in.codePointAt(i))) {
            int c = in.codePointAt(i);
            if (!stays(c)) {
                out.copyTo(i);
                if (keep.test(c)) {
                    out.replace(map.applyAsInt(c));
                } else {
                    out.skip(1);
                }
            }
        }
        out.copyTo(n);
        return out.build();
    }

    private boolean stays(int c) {
        return keep.test(c) && map.applyAsInt(c) == c;
    }

    private static boolean isControl(int c) {
        return (c >= 1 && c <= 8)
                || c == 0xB
                || (c >= 0xE && c <= 0x1F)
                || c == 0x7F
                || c == 0x8F
                || c == 0x9F;
    }

    private static boolean isSpace(int c) {
        return switch (c) {
            case 9, 0xA, 0xC, 0xD, 0x1680, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD -> true;
            default -> c >= 0x200B && c <= 0x200F;
        };
    }
}
