package org.lugha.models.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.lugha.models.tokenizer.DecodeStream;
import org.lugha.models.tokenizer.Tokenizer;

/**
 * What a token of an example says and whether the loss counts it. Tokens that only together spell a
 * character are one span.
 *
 * @param special whether it is a special token, whose text is its name
 * @param tokens how many tokens it is
 */
public record Span(String text, boolean counted, boolean special, int tokens) {
    private static final Pattern BYTE = Pattern.compile("<0x[0-9A-F]{2}>");

    /** More tokens than any character takes. */
    private static final int LONGEST = 16;

    /** The spans of an example, in their order; without a tokenizer the ids themselves. */
    public static List<Span> of(Optional<Tokenizer> tokenizer, Example e) {
        return tokenizer.map(t -> decoded(t, e)).orElseGet(() -> numbers(e));
    }

    /** Neighbours of which both or neither count, as one. */
    public static List<Span> joined(List<Span> spans) {
        List<Span> out = new ArrayList<>();
        for (Span s : spans) {
            if (!out.isEmpty() && out.getLast().counted == s.counted) {
                Span last = out.removeLast();
                out.add(
                        new Span(
                                last.text + s.text,
                                s.counted,
                                last.special && s.special,
                                last.tokens + s.tokens));
            } else {
                out.add(s);
            }
        }
        return out;
    }

    private static boolean counts(Example e, int t) {
        return t > 0 && e.labels()[t] != Example.NOT_COUNTED;
    }

    private static List<Span> numbers(Example e) {
        List<Span> out = new ArrayList<>();
        for (int t = 0; t < e.ids().length; t++) {
            out.add(new Span(e.ids()[t] + " ", counts(e, t), false, 1));
        }
        return out;
    }

    private static List<Span> decoded(Tokenizer tokenizer, Example e) {
        List<Span> out = new ArrayList<>();
        DecodeStream stream = new DecodeStream(tokenizer, false);
        int from = 0;
        for (int t = 0; t < e.ids().length; t++) {
            String text = stream.add(e.ids()[t]);
            if (!text.isEmpty()) {
                add(out, tokenizer, e, from, t + 1, text);
                from = t + 1;
            }
        }
        add(out, tokenizer, e, from, e.ids().length, stream.open());
        // a decoder that looks at the whole text leaves no token apart
        return out.stream().anyMatch(s -> s.tokens() > LONGEST) ? named(tokenizer, e) : out;
    }

    /** A text that several tokens spell: characters of their own where they are bytes. */
    private static void add(
            List<Span> out, Tokenizer tokenizer, Example e, int from, int to, String text) {
        int at = 0;
        int t = from;
        while (t < to) {
            String character = character(tokenizer, e, t, to);
            if (character.isEmpty() || !text.startsWith(character, at)) {
                break;
            }
            int n = character.getBytes(UTF_8).length;
            out.add(span(tokenizer, e, t, t + n, character));
            at += character.length();
            t += n;
        }
        if (t < to) {
            out.add(span(tokenizer, e, t, to, text.substring(at)));
        }
    }

    private static Span span(Tokenizer tokenizer, Example e, int from, int to, String text) {
        boolean counted = false;
        for (int t = from; t < to; t++) {
            counted |= counts(e, t);
        }
        boolean special = to == from + 1 && tokenizer.isSpecial(e.ids()[from]);
        return new Span(text, counted, special, to - from);
    }

    /** The character that byte tokens spell from here on; empty if none. */
    private static String character(Tokenizer tokenizer, Example e, int from, int to) {
        int first = byteOf(tokenizer, e.ids()[from]);
        int n = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (first < 0 || from + n > to) {
            return "";
        }
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            int b = byteOf(tokenizer, e.ids()[from + i]);
            if (b < 0) {
                return "";
            }
            bytes[i] = (byte) b;
        }
        String s = new String(bytes, UTF_8);
        return s.indexOf('\uFFFD') < 0 ? s : "";
    }

    /** Of {@code <0x00>} to {@code <0xFF>}; else -1. */
    private static int byteOf(Tokenizer tokenizer, int id) {
        String token = id >= tokenizer.vocabSize() ? "" : tokenizer.token(id);
        return BYTE.matcher(token).matches() ? Integer.parseInt(token.substring(3, 5), 16) : -1;
    }

    private static List<Span> named(Tokenizer tokenizer, Example e) {
        List<Span> out = new ArrayList<>();
        for (int t = 0; t < e.ids().length; t++) {
            String token = tokenizer.token(e.ids()[t]).replace('\u2581', ' ');
            out.add(span(tokenizer, e, t, t + 1, token));
        }
        return out;
    }
}
