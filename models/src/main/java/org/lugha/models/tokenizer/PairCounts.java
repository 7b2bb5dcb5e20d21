package org.lugha.models.tokenizer;

import java.util.Arrays;

/**
 * Pairs of neighbours by number: how often each occurs now, and the words it was seen in, which may
 * have lost it since.
 */
final class PairCounts {
    private int[] table = new int[1 << 12];
    private long[] keys = new long[1 << 11];
    private long[] counts = new long[1 << 11];
    private int[] sizes = new int[1 << 11];
    private int[][] words = new int[1 << 11][];
    private int size;

    /** The number of a pair, a new one where it has none. */
    int number(long key) {
        int mask = table.length - 1;
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (table[slot] > 0) {
            if (keys[table[slot] - 1] == key) {
                return table[slot] - 1;
            }
            slot = slot + 1 & mask;
        }
        if (2 * size >= table.length) {
            grow();
            return number(key);
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
            sizes = Arrays.copyOf(sizes, 2 * size);
            words = Arrays.copyOf(words, 2 * size);
        }
        keys[size] = key;
        table[slot] = size + 1;
        return size++;
    }

    private void grow() {
        table = new int[2 * table.length];
        int mask = table.length - 1;
        for (int i = 0; i < size; i++) {
            int slot = (int) (keys[i] * 0x9E3779B97F4A7C15L >>> 32) & mask;
            while (table[slot] > 0) {
                slot = slot + 1 & mask;
            }
            table[slot] = i + 1;
        }
    }

    int size() {
        return size;
    }

    long key(int pair) {
        return keys[pair];
    }

    long count(int pair) {
        return counts[pair];
    }

    void change(int pair, long by) {
        counts[pair] += by;
    }

    /** Says that there will be one more word, before {@link #room}. */
    void expect(int pair) {
        sizes[pair]++;
    }

    /** Makes exactly the room that was asked for. */
    void room() {
        for (int i = 0; i < size; i++) {
            words[i] = new int[sizes[i]];
            sizes[i] = 0;
        }
    }

    void seenIn(int pair, int word) {
        int[] list = words[pair];
        int n = sizes[pair];
        if (list == null) {
            words[pair] = list = new int[2];
        } else if (n > 0 && list[n - 1] == word) {
            return;
        } else if (n == list.length) {
            words[pair] = list = Arrays.copyOf(list, n + (n >> 1) + 1);
        }
        list[n] = word;
        sizes[pair] = n + 1;
    }

    /** The words of a pair that is being merged; it has none any more. */
    int[] takeWords(int pair) {
        int[] list = words[pair] == null ? new int[0] : Arrays.copyOf(words[pair], sizes[pair]);
        words[pair] = null;
        sizes[pair] = 0;
        return list;
    }
}
