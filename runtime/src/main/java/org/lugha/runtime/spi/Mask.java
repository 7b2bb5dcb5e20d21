package org.lugha.runtime.spi;

import java.util.Arrays;

/**
 * Which keys a query sees: always one run {@code [first, end)}, so a mask is a description and
 * never a T x T tensor.
 *
 * @param isCausal a query at position p sees keys up to p
 * @param window sees its own key and at most {@code window - 1} before it; 0 is no limit. Keys
 *     after it are not limited: that is what isCausal is for
 * @param offset position of query 0 among the keys; what lies before it in a cache
 * @param firsts by batch row and query, the first key of its own segment; empty: 0
 * @param ends by batch row and query, one past the last key of its own segment; empty: all
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content: see equals
public record Mask(boolean isCausal, int window, int offset, int[][] firsts, int[][] ends) {
    private static final int[][] NONE = {};

    /** Every query sees every key. */
    public static Mask full() {
        return new Mask(false, 0, 0, NONE, NONE);
    }

    /** A query sees itself and what came before. */
    public static Mask causal() {
        return new Mask(true, 0, 0, NONE, NONE);
    }

    public Mask withWindow(int keys) {
        return new Mask(isCausal, keys, offset, firsts, ends);
    }

    public Mask withOffset(int position) {
        return new Mask(isCausal, window, position, firsts, ends);
    }

    /**
     * Packed examples or padding: query t of row b sees keys {@code firsts[b][t] .. ends[b][t]}.
     */
    public Mask withSegments(int[][] first, int[][] end) {
        return new Mask(isCausal, window, offset, first, end);
    }

    /** The first key that query t of row b sees. */
    public int first(int b, int t) {
        int from = firsts.length == 0 ? 0 : firsts[b][t];
        return window == 0 ? from : Math.max(from, offset + t + 1 - window);
    }

    /** One past the last key that query t of row b sees, of {@code keys}. */
    public int end(int b, int t, int keys) {
        int to = ends.length == 0 ? keys : Math.min(keys, ends[b][t]);
        return isCausal ? Math.min(to, offset + t + 1) : to;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Mask(boolean c, int w, int f, int[][] a, int[][] b)
                && c == isCausal
                && w == window
                && f == offset
                && Arrays.deepEquals(a, firsts)
                && Arrays.deepEquals(b, ends);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(new Object[] {isCausal, window, offset, firsts, ends});
    }

    @Override
    public String toString() {
        return (isCausal ? "causal" : "full")
                + (window == 0 ? "" : " window " + window)
                + (offset == 0 ? "" : " offset " + offset)
                + (firsts.length == 0 ? "" : " segments");
    }
}
