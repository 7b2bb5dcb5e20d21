package org.lugha.models.corpus;

import java.util.Arrays;

/**
 * A short signature of a set of letter sequences (shingles), such that the share of equal places of
 * two signatures is about the Jaccard index {@code |A ∩ B| / |A ∪ B|} of the sets: Broder 1997. A
 * byte is kept of each of {@value #HASHES} minima, as in Li and König 2010, <a
 * href="https://arxiv.org/abs/0910.3349">0910.3349</a>; the standard error of {@link #similarity}
 * at 0.8 is 0.035.
 */
final class MinHash {
    static final int HASHES = 128;

    /** Letters in a shingle. */
    static final int SHINGLE = 5;

    private static final long BASE = 0x9E3779B97F4A7C15L;
    private static final int SPREAD = 0x7FEB352D;
    private static final double BY_CHANCE = 1.0 / 256;
    private static final int[] FACTORS = new int[HASHES];
    private static final int[] OFFSETS = new int[HASHES];
    private static final long LEAVES; // BASE to the power of SHINGLE

    static {
        long p = 1;
        for (int i = 0; i < SHINGLE; i++) {
            p *= BASE;
        }
        LEAVES = p;
        for (int i = 0; i < HASHES; i++) {
            FACTORS[i] = (int) Words.mix(i + 1L) | 1;
            OFFSETS[i] = (int) Words.mix(-i - 1L);
        }
    }

    private final int[] minima = new int[HASHES];

    /** Writes the signature of a text to {@code to} from {@code at} on. */
    void sign(int[] letters, int length, byte[] to, int at) {
        Arrays.fill(minima, Integer.MAX_VALUE);
        long h = 0;
        for (int i = 0; i < length; i++) {
            h = h * BASE + letters[i] - (i < SHINGLE ? 0 : LEAVES * letters[i - SHINGLE]);
            if (i >= SHINGLE - 1) {
                lower((int) (Words.mix(h) >>> 32));
            }
        }
        for (int k = 0; k < HASHES; k++) {
            int v = minima[k];
            to[at + k] = (byte) ((v ^ v >>> 15) * SPREAD >>> 24);
        }
    }

    private void lower(int shingle) {
        int[] m = minima;
        for (int k = 0; k < HASHES; k++) {
            m[k] = Math.min(m[k], shingle * FACTORS[k] + OFFSETS[k]);
        }
    }

    /** The Jaccard index that two signatures tell, at least 0. */
    static double similarity(byte[] a, int atA, byte[] b, int atB) {
        int equal = 0;
        for (int k = 0; k < HASHES; k++) {
            equal += a[atA + k] == b[atB + k] ? 1 : 0;
        }
        return Math.max(0, ((double) equal / HASHES - BY_CHANCE) / (1 - BY_CHANCE));
    }
}
