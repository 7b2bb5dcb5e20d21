package org.lugha.models.corpus;

import java.util.Arrays;

/** A growing table from 64-bit hashes to numbers that count from 0 in the order of first sight. */
final class Numbered {
    private long[] keys = new long[1 << 10];
    private int[] numbers = new int[1 << 10];
    private int size;

    int size() {
        return size;
    }

    /** The number of a hash, or -1. */
    int find(long hash) {
        int slot = slot(hash);
        return numbers[slot] - 1;
    }

    /** The number of a hash, a new one where it was not known. */
    int number(long hash) {
        int slot = slot(hash);
        if (numbers[slot] == 0) {
            if (2 * size >= keys.length) {
                grow();
                slot = slot(hash);
            }
            keys[slot] = hash;
            numbers[slot] = ++size;
        }
        return numbers[slot] - 1;
    }

    private int slot(long hash) {
        int mask = keys.length - 1;
        int slot = (int) (hash >>> 17) & mask;
        while (numbers[slot] != 0 && keys[slot] != hash) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] old = numbers;
        keys = new long[2 * old.length];
        numbers = new int[2 * old.length];
        for (int i = 0; i < old.length; i++) {
            if (old[i] != 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                numbers[slot] = old[i];
            }
        }
    }

    /** A list of numbers for each of many numbers. */
    static final class Lists {
        private int[] heads = new int[0];
        private int[] next = new int[1 << 10];
        private int[] values = new int[1 << 10];
        private int size;

        void add(int list, int value) {
            if (list >= heads.length) {
                heads = Arrays.copyOf(heads, Math.max(1 << 10, 2 * list));
            }
            if (++size == next.length) {
                next = Arrays.copyOf(next, 2 * size);
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size] = value;
            next[size] = heads[list];
            heads[list] = size;
        }

        void clear(int list) {
            heads[list] = 0;
        }

        /** Where a list's values begin; 0 is the end. */
        int first(int list) {
            return list < heads.length ? heads[list] : 0;
        }

        int next(int at) {
            return next[at];
        }

        int value(int at) {
            return values[at];
        }
    }
}
