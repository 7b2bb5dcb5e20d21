package org.lugha.models.tokenizer;

import java.util.Arrays;

/** Tokens and their ranges while a text is being encoded. */
final class TokenBuffer {
    private int[] ids = new int[16];
    private int[] starts = new int[16];
    private int[] ends = new int[16];
    private int size;

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

    void addAll(TokenBuffer other) {
        for (int i = 0; i < other.size; i++) {
            add(other.ids[i], other.starts[i], other.ends[i]);
        }
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
