package org.lugha.models.corpus;

import org.lugha.runtime.Philox;

/**
 * An order of the numbers below {@code count} that is a function of a seed and takes no memory: a
 * Feistel network of four rounds over the next power of four, walked until it is within.
 */
record Permutation(long count, long seed) {
    private static final int ROUNDS = 4;

    /** The number at a place. */
    long at(long place) {
        int half = Math.max(1, (65 - Long.numberOfLeadingZeros(Math.max(1, count - 1))) / 2);
        long x = place;
        do {
            x = shuffled(x, half);
        } while (x >= count);
        return x;
    }

    private long shuffled(long x, int half) {
        long mask = (1L << half) - 1;
        long left = x >>> half;
        long right = x & mask;
        for (int r = 0; r < ROUNDS; r++) {
            long next = left ^ Philox.bits(Philox.derive(seed, r), right) & mask;
            left = right;
            right = next;
        }
        return left << half | right;
    }
}
