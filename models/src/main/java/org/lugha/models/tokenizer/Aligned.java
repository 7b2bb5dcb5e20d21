package org.lugha.models.tokenizer;

import java.util.Arrays;

/** A piece of text on its way to tokens; every char knows the range of the original it is from. */
final class Aligned {
    private final String text;
    private final int base;
    private final int[] starts;
    private final int[] ends;

    private Aligned(String text, int base, int[] starts, int[] ends) {
        this.text = text;
        this.base = base;
        this.starts = starts;
        this.ends = ends;
    }

    /** Text as it stands in the original from char {@code base} on. */
    static Aligned verbatim(String text, int base) {
        return new Aligned(text, base, null, null);
    }

    String text() {
        return text;
    }

    int start(int i) {
        return starts == null ? base + i : starts[base + i];
    }

    int end(int i) {
        return ends == null ? base + i + 1 : ends[base + i];
    }

    Aligned slice(int from, int to) {
        return from == 0 && to == text.length()
                ? this
                : new Aligned(text.substring(from, to), base + from, starts, ends);
    }

    /** Other chars in the place of all of these, one for one. */
    Aligned replaced(String sameLength) {
        return new Aligned(sameLength, base, starts, ends);
    }

    /** Collects text made out of an aligned piece, range by range. */
    static final class Builder {
        private final Aligned from;
        private final StringBuilder text;
        private int[] starts;
        private int[] ends;

        Builder(Aligned from) {
            this.from = from;
            this.text = new StringBuilder(from.text.length() + 16);
            this.starts = new int[from.text.length() + 16];
            this.ends = new int[from.text.length() + 16];
        }

        /** Adds chars that stand for the chars {@code begin} to {@code end} of the piece. */
        void add(CharSequence chars, int begin, int end) {
            for (int i = 0; i < chars.length(); i++) {
                add(chars.charAt(i), begin, end);
            }
        }

        void add(char c, int begin, int end) {
            int n = text.length();
            if (n == starts.length) {
                starts = Arrays.copyOf(starts, 2 * n);
                ends = Arrays.copyOf(ends, 2 * n);
            }
            starts[n] = from.start(begin);
            ends[n] = from.end(end - 1);
            text.append(c);
        }

        Aligned build() {
            return new Aligned(text.toString(), 0, starts, ends);
        }
    }
}
