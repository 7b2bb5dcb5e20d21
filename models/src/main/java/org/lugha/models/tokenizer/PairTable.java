package org.lugha.models.tokenizer;

import java.util.Arrays;

/** A pair of ids to a long: open addressing, because BPE asks this more often than anything. */
final class PairTable {
    static final long NONE = -1;

    private final long[] keys;
    private final long[] values;
    private final int mask;

    PairTable(int entries) {
        int size = Math.max(16, Integer.highestOneBit(Math.max(1, entries)) << 2);
        keys = new long[size];
        values = new long[size];
        mask = size - 1;
        Arrays.fill(keys, NONE);
    }

    static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    void put(long pair, long value) {
        int i = slot(pair);
        keys[i] = pair;
        values[i] = value;
    }

    long get(long pair) {
        int i = slot(pair);
        return keys[i] == pair ? values[i] : NONE;
    }

    private int slot(long pair) {
        long h = pair * 0x9E3779B97F4A7C15L;
        int i = (int) (h >>> 32) & mask;
        while (keys[i] != NONE && keys[i] != pair) {
            i = (i + 1) & mask;
        }
        return i;
    }
}
