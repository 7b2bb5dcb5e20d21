package org.lugha.models.corpus;

import java.util.Arrays;

/**
 * A distribution of lengths: exact up to {@value #EXACT}, above in steps of 1.6 %, whatever their
 * number.
 */
public final class Lengths {
    static final int EXACT = 1 << 12;
    private static final int STEPS = 44; // to double a length

    private long[] counts = new long[64];
    private long number;
    private long sum;
    private long max;

    Lengths() {}

    void add(long length) {
        int at = slot(length);
        if (at >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(at + 1, 2 * counts.length));
        }
        counts[at]++;
        number++;
        sum += length;
        max = Math.max(max, length);
    }

    /** NaN where there is none, as of all that follow. */
    public double mean() {
        return (double) sum / number;
    }

    /** The shortest length that a share of all do not exceed, as 0.5 for the median. */
    public double quantile(double share) {
        long upTo = 0;
        for (int i = 0; i < counts.length; i++) {
            upTo += counts[i];
            if (number > 0 && upTo >= share * number) {
                return Math.min(length(i), (double) max);
            }
        }
        return Double.NaN;
    }

    public long max() {
        return max;
    }

    private static int slot(long length) {
        return length < EXACT
                ? (int) length
                : EXACT + (int) (STEPS * Math.log((double) length / EXACT) / Math.log(2));
    }

    private static double length(int slot) {
        return slot < EXACT ? slot : Math.rint(EXACT * Math.pow(2, (slot - EXACT + 0.5) / STEPS));
    }
}
