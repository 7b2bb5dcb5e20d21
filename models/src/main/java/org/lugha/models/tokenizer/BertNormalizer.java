package org.lugha.models.tokenizer;

import java.text.Normalizer.Form;
import tools.jackson.databind.JsonNode;

/** What BERT does to text: controls out, ideographs apart, accents off, lower case. */
record BertNormalizer(boolean clean, boolean apart, boolean stripAccents, boolean lower)
        implements Normalizer {
    private static final CharFilter CLEAN =
            new CharFilter(
                    BertNormalizer::isKept, c -> c > ' ' && Characters.isSpace(c) ? ' ' : tab(c));
    private static final CharFilter ACCENTS =
            new CharFilter(c -> !Characters.isNonSpacingMark(c), c -> c);
    private static final UnicodeForm NFD = new UnicodeForm(Form.NFD);
    private static final Lowercase LOWER = new Lowercase();

    @Override
    public Aligned apply(Aligned in) {
        Aligned text = clean ? CLEAN.apply(in) : in;
        text = apart ? setApart(text) : text;
        text = stripAccents ? ACCENTS.apply(NFD.apply(text)) : text;
        return lower ? LOWER.apply(text) : text;
    }

    private static boolean isKept(int c) {
        if (c < 0x7F) {
            return c >= ' ' || c == '\t' || c == '\n' || c == '\r';
        }
        return c != 0xFFFD && !Characters.isOther(c);
    }

    private static int tab(int c) {
        return c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
    }

    private static Aligned setApart(Aligned in) {
        int n = in.length();
        Aligned.Builder out = null;
        for (int i = 0; i < n; ) {
            int c = in.codePointAt(i);
            if (c >= 0x3400 && isIdeograph(c)) {
                out = out == null ? new Aligned.Builder(in) : out;
                out.copyTo(i);
                out.replace(' ');
                out.insert(c);
                out.insert(' ');
            }
            i += Character.charCount(c);
        }
        if (out == null) {
            return in;
        }
        out.copyTo(n);
        return out.build();
    }

    private static boolean isIdeograph(int c) {
        return (c >= 0x4E00 && c <= 0x9FFF)
                || (c >= 0x3400 && c <= 0x4DBF)
                || (c >= 0x20000 && c <= 0x2A6DF)
                || (c >= 0x2A700 && c <= 0x2B73F)
                || (c >= 0x2B740 && c <= 0x2B81F)
                || (c >= 0x2B920 && c <= 0x2CEAF)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0x2F800 && c <= 0x2FA1F);
    }

    static BertNormalizer parse(JsonNode block) {
        boolean lower = Json.flag(block, "lowercase", true);
        return new BertNormalizer(
                Json.flag(block, "clean_text", true),
                Json.flag(block, "handle_chinese_chars", true),
                Json.flag(block, "strip_accents", lower),
                lower);
    }
}
