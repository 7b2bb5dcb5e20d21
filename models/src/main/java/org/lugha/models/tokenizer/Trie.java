package org.lugha.models.tokenizer;

import java.util.Arrays;

/** Texts by their chars, each with a number; the steps are one table with open addressing. */
final class Trie {
    static final int ROOT = 0;
    static final int NONE = -1;

    private long[] keys = new long[64];
    private int[] nodes = new int[64];
    private int[] values = new int[32];
    private int size = 1;

    Trie() {
        Arrays.fill(keys, NONE);
        Arrays.fill(values, NONE);
    }

    /** Gives a text a number; the last one counts. */
    void put(String text, int value) {
        int node = ROOT;
        for (int i = 0; i < text.length(); i++) {
            int next = step(node, text.charAt(i));
            node = next == NONE ? add(node, text.charAt(i)) : next;
        }
        values[node] = value;
    }

    private int add(int node, char c) {
        if (2 * size >= keys.length) {
            grow();
        }
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
            Arrays.fill(values, size, values.length, NONE);
        }
        int slot = slot((long) node << 16 | c);
        keys[slot] = (long) node << 16 | c;
        nodes[slot] = size;
        return size++;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldNodes = nodes;
        keys = new long[2 * oldKeys.length];
        nodes = new int[keys.length];
        Arrays.fill(keys, NONE);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != NONE) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                nodes[slot] = oldNodes[i];
            }
        }
    }

    /** The node after another by a char, or {@link #NONE}. */
    int step(int node, char c) {
        long key = (long) node << 16 | c;
        int slot = slot(key);
        return keys[slot] == key ? nodes[slot] : NONE;
    }

    /** The node after another by several chars. */
    int walk(int node, String text) {
        int at = node;
        for (int i = 0; i < text.length() && at != NONE; i++) {
            at = step(at, text.charAt(i));
        }
        return at;
    }

    /** The number of the text that ends at a node, or {@link #NONE}. */
    int value(int node) {
        return values[node];
    }

    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (keys[slot] != NONE && keys[slot] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
