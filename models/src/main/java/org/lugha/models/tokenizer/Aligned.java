package org.lugha.models.tokenizer;

import java.util.Arrays;

/**
 * A piece of text on its way to tokens; every char knows the range of the original it is from.
 * Positions are chars of the piece. Cutting a piece copies nothing.
 */
final class Aligned {
    private final String text;
    private final int from;
    private final int to;
    private final int base;
    private final int[] starts;
    private final int[] ends;

    private Aligned(String text, int from, int to, int base, int[] starts, int[] ends) {
        this.text = text;
        this.from = from;
        this.to = to;
        this.base = base;
        this.starts = starts;
        this.ends = ends;
    }

    /** Text as it stands in the original from char {@code base} on. */
    static Aligned verbatim(String text, int base) {
        return new Aligned(text, 0, text.length(), base, null, null);
    }

    /** A part of the original. */
    static Aligned part(String original, int from, int to) {
        return new Aligned(original, from, to, 0, null, null);
    }

    int length() {
        return to - from;
    }

    char charAt(int i) {
        return text.charAt(from + i);
    }

    int codePointAt(int i) {
        char c = text.charAt(from + i);
        if (Character.isHighSurrogate(c) && from + i + 1 < to) {
            char low = text.charAt(from + i + 1);
            return Character.isLowSurrogate(low) ? Character.toCodePoint(c, low) : c;
        }
        return c;
    }

    /** The chars of the piece as a string of their own. */
    String text() {
        return from == 0 && to == text.length() ? text : text.substring(from, to);
    }

    boolean isText(String other) {
        return other.length() == to - from && text.startsWith(other, from);
    }

    /** The text that this is a piece of, which begins at {@link #offset} there. */
    String whole() {
        return text;
    }

    int offset() {
        return from;
    }

    int start(int i) {
        return starts == null ? base + from + i : starts[from + i];
    }

    int end(int i) {
        return ends == null ? base + from + i + 1 : ends[from + i];
    }

    Aligned slice(int begin, int end) {
        return begin == 0 && end == to - from
                ? this
                : new Aligned(text, from + begin, from + end, base, starts, ends);
    }

    /** Other chars in the place of all of these, one for one. */
    Aligned replaced(String sameLength) {
        if (starts == null) {
            return new Aligned(sameLength, 0, to - from, base + from, null, null);
        }
        return new Aligned(
                sameLength,
                0,
                to - from,
                0,
                Arrays.copyOfRange(starts, from, to),
                Arrays.copyOfRange(ends, from, to));
    }

    /**
     * Writes a piece anew, character by character, in its order. A character that takes the place
     * of another has the range of that one; an inserted one has the range of the character before.
     */
    static final class Builder {
        private final Aligned in;
        private final StringBuilder text;
        private int[] starts;
        private int[] ends;
        private int at;
        private int start;
        private int end;
        private final long most;

        Builder(Aligned in) {
            this.in = in;
            int last = in.length() - 1;
            this.most = 64_000 + (last < 0 ? 0 : 64L * Math.max(0, in.end(last) - in.start(0)));
            this.text = new StringBuilder(in.length() + 16);
            this.starts = new int[in.length() + 16];
            this.ends = new int[in.length() + 16];
            this.start = in.length() == 0 ? in.base : in.start(0);
            this.end = start;
        }

        /** Leaves out characters. */
        void skip(int characters) {
            for (int i = 0; i < characters; i++) {
                step();
            }
        }

        /** A character in the place of the next one. */
        void replace(int c) {
            step();
            append(c);
        }

        /** A character beside those that are there. */
        void insert(int c) {
            append(c);
        }

        /** A character that is inserted (1), or replaces one and {@code -change} more. */
        void change(int c, int change) {
            if (change > 0) {
                insert(c);
            } else {
                replace(c);
                skip(-change);
            }
        }

        /** The next characters as they are, up to a position of the piece. */
        void copyTo(int position) {
            int n = position - at;
            if (n <= 0) {
                return;
            }
            grow(n);
            int to = text.length();
            text.append(in.text, in.from + at, in.from + position);
            if (in.starts == null) {
                for (int i = 0; i < n; i++) {
                    starts[to + i] = in.base + in.from + at + i;
                    ends[to + i] = in.base + in.from + at + i + 1;
                }
            } else {
                System.arraycopy(in.starts, in.from + at, starts, to, n);
                System.arraycopy(in.ends, in.from + at, ends, to, n);
            }
            at = position;
            int last = at - 1;
            boolean pair =
                    last > 0
                            && Character.isLowSurrogate(in.charAt(last))
                            && Character.isHighSurrogate(in.charAt(last - 1));
            start = in.start(pair ? last - 1 : last);
            end = in.end(last);
        }

        /** A character that stands for a range of the piece, which may be empty. */
        void span(int c, int begin, int stop) {
            start =
                    begin < in.length()
                            ? in.start(begin)
                            : begin == 0 ? in.base : in.end(begin - 1);
            end = stop > begin ? in.end(stop - 1) : start;
            append(c);
        }

        /** Takes back what ends in a char, as often as it does. */
        void dropLast(char c) {
            while (!text.isEmpty() && text.charAt(text.length() - 1) == c) {
                text.setLength(text.length() - 1);
            }
        }

        private void step() {
            if (at < in.length()) {
                int width = Character.charCount(in.codePointAt(at));
                start = in.start(at);
                end = in.end(at + width - 1);
                at += width;
            }
        }

        private void append(int c) {
            int width = Character.charCount(c);
            grow(width);
            int n = text.length();
            for (int i = 0; i < width; i++) {
                starts[n + i] = start;
                ends[n + i] = end;
            }
            text.appendCodePoint(c);
        }

        private void grow(int more) {
            if (text.length() + (long) more > starts.length) {
                if (text.length() + (long) more > most) {
                    throw new TokenizerException(
                            "encode: expected rules that make at most 64 times as much of a text, got ones that make more; change the normalizer in the tokenizer's file");
                }
                int size = Math.max(2 * starts.length, text.length() + more);
                starts = Arrays.copyOf(starts, size);
                ends = Arrays.copyOf(ends, size);
            }
        }

        /** The piece as it was written; what of the old one is left is left out. */
        Aligned build() {
            return new Aligned(text.toString(), 0, text.length(), 0, starts, ends);
        }
    }
}
