package org.lugha.tools.command;

import java.util.List;
import org.lugha.models.data.Span;

/**
 * Spans for a terminal. In colour: green is what counts, grey what does not, names of special
 * tokens are underlined. Else what counts stands in brackets. A line ends each token.
 */
record PreviewText(boolean color) {
    private static final String COUNTED = "\u001B[1;32m";
    private static final String OTHER = "\u001B[90m";
    private static final String UNDERLINED = "\u001B[4m";
    private static final String END = "\u001B[0m";

    String of(List<Span> spans) {
        StringBuilder out = new StringBuilder();
        for (Span s : spans) {
            String text = visible(s.text());
            if (color) {
                out.append(s.counted() ? COUNTED : OTHER).append(s.special() ? UNDERLINED : "");
                out.append(text).append(END).append(OTHER).append('\u2502').append(END);
            } else {
                out.append(s.counted() ? "[" + text + "]" : text + "\u2502");
            }
        }
        return out.toString();
    }

    /** Nothing of a data file moves the cursor, and nothing turns the direction of what follows. */
    static String visible(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(c -> {
                    switch (c) {
                        case '\n' -> out.append("\u21B5\n");
                        case '\t' -> out.append("\u21E5");
                        default -> {
                            boolean plain = c >= ' ' && !isHidden(c);
                            out.append(plain ? Character.toString(c) : "\\u%04X".formatted(c));
                        }
                    }
                });
        return out.toString();
    }

    private static boolean isHidden(int c) {
        return c >= 0x7F && c < 0xA0
                || c >= 0x202A && c <= 0x202E
                || c >= 0x2066 && c <= 0x2069
                || c >= 0xD800 && c < 0xE000;
    }
}
