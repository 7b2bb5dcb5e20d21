package org.lugha.models.tokenizer;

import java.util.Arrays;

/** Tokens and their ranges while a text is being encoded. */
final class TokenBuffer {
    private int[] ids;
    private int[] starts;
    private int[] ends;
    private int size;

    TokenBuffer(int expected) {
        ids = new int[Math.max(16, expected)];
        starts = new int[ids.length];
        ends = new int[ids.length];
    }

    void add(int id, int start, int end) {
        reserve(1);
        ids[size] = id;
        starts[size] = start;
        ends[size++] = end;
    }

    /** Adds the tokens of a piece. */
    void add(Algorithm.Tokens tokens, Aligned piece) {
        int n = tokens.ids().length;
        reserve(n);
        System.arraycopy(tokens.ids(), 0, ids, size, n);
        for (int i = 0; i < n; i++) {
            int end = tokens.ends()[i];
            starts[size + i] = piece.start(tokens.starts()[i]);
            ends[size + i] = end == 0 ? starts[size + i] : piece.end(end - 1);
        }
        size += n;
    }

    void addAll(TokenBuffer other) {
        reserve(other.size);
        System.arraycopy(other.ids, 0, ids, size, other.size);
        System.arraycopy(other.starts, 0, starts, size, other.size);
        System.arraycopy(other.ends, 0, ends, size, other.size);
        size += other.size;
    }

    private void reserve(int more) {
        if (size + more > ids.length) {
            int length = Math.max(2 * ids.length, size + more);
            ids = Arrays.copyOf(ids, length);
            starts = Arrays.copyOf(starts, length);
            ends = Arrays.copyOf(ends, length);
        }
    }

    /** Keeps the tokens from one to before another. */
    void keep(int from, int to) {
        System.arraycopy(ids, from, ids, 0, to - from);
        System.arraycopy(starts, from, starts, 0, to - from);
        System.arraycopy(ends, from, ends, 0, to - from);
        size = to - from;
    }

    int size() {
        return size;
    }

    int id(int i) {
        return ids[i];
    }

    int start(int i) {
        return starts[i];
    }

    int end(int i) {
        return ends[i];
    }

    void range(int i, int start, int end) {
        starts[i] = start;
        ends[i] = end;
    }

    Encoding encoding() {
        return new Encoding(
                Arrays.copyOf(ids, size), Arrays.copyOf(starts, size), Arrays.copyOf(ends, size));
    }
}
