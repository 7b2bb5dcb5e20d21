package org.lugha.models.data;

import java.text.Normalizer;
import java.util.Locale;
import org.lugha.models.tokenizer.Normalization;

/**
 * What is done to every text of a data file before it is tokenised.
 *
 * @param form the Unicode form it is brought into
 * @param removeControl whether control characters other than tab and newline are removed; if not,
 *     they are refused
 * @param splitLong whether a long document of the format text becomes several examples; if not, its
 *     end is cut off
 * @param tags those that mark prompts inside documents of the format text
 */
public record TextRules(Normalization form, boolean removeControl, boolean splitLong, Tags tags) {
    /** Text as it is, long documents split, no tags. */
    public static TextRules standard() {
        return new TextRules(Normalization.NONE, false, true, Tags.NONE);
    }

    /** The text under a key of a line, brought into form and checked. */
    String text(ExampleFile.Line line, String key) {
        return clean(line, key, line.text(key));
    }

    /** A text of a line, brought into form and checked. */
    String clean(ExampleFile.Line line, String key, String text) {
        String clean = withoutControl(line, key, text);
        return switch (form) {
            case NONE -> clean;
            case NFC -> Normalizer.normalize(clean, Normalizer.Form.NFC);
            case NFKC -> Normalizer.normalize(clean, Normalizer.Form.NFKC);
        };
    }

    private String withoutControl(ExampleFile.Line line, String key, String text) {
        int at = 0;
        while (at < text.length() && !isControl(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        if (!removeControl) {
            throw line.wrong(
                    String.format(
                            Locale.ROOT,
                            "\"%s\" must hold no control characters but tab and newline, got"
                                    + " U+%04X as character %d; remove it, or set data.control:"
                                    + " remove",
                            key,
                            (int) text.charAt(at),
                            at + 1));
        }
        StringBuilder kept = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (!isControl(text.charAt(i))) {
                kept.append(text.charAt(i));
            }
        }
        return kept.toString();
    }

    private static boolean isControl(char c) {
        return c < ' ' && c != '\t' && c != '\n' || c == 0x7F;
    }
}
