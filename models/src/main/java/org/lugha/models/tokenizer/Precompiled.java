package org.lugha.models.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * SentencePiece's rules as tokenizer.json holds them. As in the reference a rule is asked for every
 * grapheme of less than six bytes, of which the shortest match counts for all of it, and else for
 * every character.
 */
final class Precompiled implements Normalizer {
    private static final Pattern GRAPHEME = Pattern.compile("\\X");
    private static final int CHARS = 1 << 16;

    /** What a rule makes; text is null where there is none. */
    private record Rewrite(String text) {}

    private static final Rewrite NONE = new Rewrite(null);

    private final Charsmap rules;
    private final Rewrite[] known = new Rewrite[CHARS];
    private final byte[] stands = new byte[CHARS];

    private Precompiled(Charsmap rules) {
        this.rules = rules;
    }

    @Override
    public Aligned apply(Aligned in) {
        int n = in.length();
        Writer out = new Writer(in);
        for (int i = 0; i < n; ) {
            char c = in.charAt(i);
            char next = i + 1 < n ? in.charAt(i + 1) : 'a';
            if (standsAlone(c) && standsAlone(next)) {
                out.put(i, i + 1, one(c));
                i++;
            } else {
                i = grapheme(in, i, out);
            }
        }
        return out.build();
    }

    private int grapheme(Aligned in, int from, Writer out) {
        String text = in.text();
        Matcher m = GRAPHEME.matcher(text).region(from, text.length());
        int to = m.lookingAt() ? m.end() : from + Character.charCount(text.codePointAt(from));
        byte[] bytes = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
        Rewrite whole = bytes.length < 6 ? find(bytes) : NONE;
        if (whole.text != null) {
            out.put(from, to, whole);
            return to;
        }
        for (int i = from; i < to; ) {
            int c = text.codePointAt(i);
            int next = i + Character.charCount(c);
            out.put(
                    i,
                    next,
                    c < CHARS
                            ? one((char) c)
                            : find(Character.toString(c).getBytes(StandardCharsets.UTF_8)));
            i = next;
        }
        return to;
    }

    private Rewrite find(byte[] bytes) {
        Charsmap.Rule rule = rules.find(bytes, 0, bytes.length, false);
        return rule == null ? NONE : new Rewrite(rules.text(rule));
    }

    private Rewrite one(char c) {
        Rewrite rewrite = known[c];
        if (rewrite == null) {
            rewrite = find(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            known[c] = rewrite;
        }
        return rewrite;
    }

    /** Whether a character is a grapheme by itself beside any other of which this is true. */
    private boolean standsAlone(char c) {
        if (c < 0x300) {
            return c != '\r';
        }
        if (stands[c] == 0) {
            boolean hangul = (c >= 0x1100 && c < 0x1200) || (c >= 0xA960 && c < 0xD800);
            stands[c] =
                    (byte)
                            (!hangul
                                            && !Character.isSurrogate(c)
                                            && GRAPHEME.matcher("a" + c + "a").results().count()
                                                    == 3
                                    ? 1
                                    : 2);
        }
        return stands[c] == 1;
    }

    /**
     * The new characters with the reference's changes; nothing is written while nothing changes. A
     * text that becomes shorter takes the difference from the change before it, if there is one.
     */
    private static final class Writer {
        private final Aligned in;
        private int[] made;
        private int[] changes;
        private int size;

        Writer(Aligned in) {
            this.in = in;
        }

        void put(int from, int to, Rewrite rewrite) {
            if (rewrite.text == null && made == null) {
                return;
            }
            if (made == null) {
                made = new int[in.length() + 16];
                changes = new int[made.length];
                copy(0, from);
            }
            if (rewrite.text == null) {
                copy(from, to);
            } else {
                replace(from, to, rewrite.text);
            }
        }

        private void copy(int from, int to) {
            for (int i = from; i < to; i += Character.charCount(in.codePointAt(i))) {
                add(in.codePointAt(i), 0);
            }
        }

        private void replace(int from, int to, String text) {
            int more = text.codePointCount(0, text.length());
            for (int i = from; i < to; i += Character.charCount(in.codePointAt(i))) {
                more--;
            }
            text.codePoints().forEach(c -> add(c, 0));
            for (int i = 1; i <= Math.min(more, size); i++) {
                changes[size - i] = 1;
            }
            if (more < 0 && size > 0) {
                changes[size - 1] += more;
            }
        }

        private void add(int c, int change) {
            if (size == made.length) {
                made = Arrays.copyOf(made, 2 * size);
                changes = Arrays.copyOf(changes, 2 * size);
            }
            made[size] = c;
            changes[size++] = change;
        }

        Aligned build() {
            if (made == null) {
                return in;
            }
            Aligned.Builder out = new Aligned.Builder(in);
            for (int i = 0; i < size; i++) {
                out.change(made[i], changes[i]);
            }
            return out.build();
        }
    }

    static Precompiled parse(JsonNode block) {
        String encoded = Json.text(block, "precompiled_charsmap");
        try {
            return new Precompiled(
                    Charsmap.read(Base64.getDecoder().decode(encoded), "tokenizer.json"));
        } catch (IllegalArgumentException e) {
            throw new TokenizerException(
                    "tokenizer.json: expected precompiled_charsmap in base 64, got other text; is the file complete?",
                    e);
        }
    }
}
