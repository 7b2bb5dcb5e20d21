package org.lugha.models.tokenizer;

import java.util.Arrays;

/** Collects the tokens of one piece. */
final class TokenList {
    private int[] ids;
    private int[] starts;
    private int[] ends;
    private int size;

    TokenList(int expected) {
        ids = new int[Math.max(4, expected)];
        starts = new int[ids.length];
        ends = new int[ids.length];
    }

    void add(int id, int start, int end) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, 2 * size);
            starts = Arrays.copyOf(starts, 2 * size);
            ends = Arrays.copyOf(ends, 2 * size);
        }
        ids[size] = id;
        starts[size] = start;
        ends[size++] = end;
    }

    /** Lets the last token reach further. */
    void extend(int end) {
        ends[size - 1] = end;
    }

    int size() {
        return size;
    }

    Algorithm.Tokens tokens() {
        return new Algorithm.Tokens(
                Arrays.copyOf(ids, size), Arrays.copyOf(starts, size), Arrays.copyOf(ends, size));
    }
}
