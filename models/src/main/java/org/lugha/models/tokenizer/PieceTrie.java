package org.lugha.models.tokenizer;

import java.util.Arrays;
import java.util.Locale;

/**
 * Pieces by their symbols, in one table with open addressing: an entry is a node, a symbol and the
 * next node. The node of piece i is i + 1, so that a step is one look at the memory.
 */
final class PieceTrie {
    static final int ROOT = 0;
    static final int NONE = -1;
    private static final int NODE_BITS = 24;
    private static final int NODES = (1 << NODE_BITS) - 1;

    private final int pieces;
    private long[] table;
    private int nodes;

    /** Pieces in the order of their symbols. */
    PieceTrie(String[] pieces) {
        this.pieces = pieces.length;
        this.nodes = pieces.length + 1;
        this.table = new long[Integer.highestOneBit(Math.max(16, 2 * nodes)) << 1];
        Arrays.fill(table, NONE);
        int[] path = new int[256];
        int depth = 0;
        String last = "";
        for (int p = 0; p < pieces.length; p++) {
            String piece = pieces[p];
            int common = 0;
            int most = Math.min(depth, piece.length() - 1);
            while (common < most && last.charAt(common) == piece.charAt(common)) {
                common++;
            }
            int node = common == 0 ? ROOT : path[common - 1];
            for (int i = common; i < piece.length(); i++) {
                int next = i + 1 == piece.length() ? p + 1 : nodes++;
                put(node, piece.charAt(i), next);
                node = next;
                path[i] = node;
            }
            depth = piece.length();
            last = piece;
        }
    }

    private void put(int node, char symbol, int next) {
        if (nodes > NODES) {
            throw new TokenizerException(
                    String.format(
                            Locale.ROOT,
                            "train a tokenizer: expected seeds of at most %d symbols, got more; ask for a smaller vocabulary",
                            NODES));
        }
        if (2L * nodes > table.length) {
            long[] old = table;
            table = new long[2 * old.length];
            Arrays.fill(table, NONE);
            for (long entry : old) {
                if (entry != NONE) {
                    table[slot(entry >>> NODE_BITS)] = entry;
                }
            }
        }
        long key = (long) node << 16 | symbol;
        table[slot(key)] = key << NODE_BITS | next;
    }

    private int slot(long key) {
        int mask = table.length - 1;
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
        while (table[slot] != NONE && table[slot] >>> NODE_BITS != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    /** The node after another by a symbol, or {@link #NONE}. */
    int step(int node, char symbol) {
        long[] t = table;
        int mask = t.length - 1;
        long key = (long) node << 16 | symbol;
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & mask;
        for (long entry = t[slot]; entry != NONE; entry = t[slot]) {
            if (entry >>> NODE_BITS == key) {
                return (int) entry & NODES;
            }
            slot = slot + 1 & mask;
        }
        return NONE;
    }

    /** The piece that ends at a node, or {@link #NONE}. */
    int piece(int node) {
        return node <= pieces ? node - 1 : NONE;
    }
}
