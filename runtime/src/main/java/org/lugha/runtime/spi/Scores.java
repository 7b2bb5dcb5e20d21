package org.lugha.runtime.spi;

import java.util.Arrays;

/**
 * How attention scores a key, and which keys it scores at all: {@code s = scale q.k}; with a soft
 * cap c then {@code c tanh(s / c)} (Gemma 2); with slopes then {@code s + slope_h (position of the
 * key - position of the query)} (ALiBi, Press et al. 2022); then the mask. A query's position is
 * {@code mask.offset() + t}. Adding {@code slope_h} times the key's position alone, as BLOOM does,
 * gives the same softmax.
 *
 * @param softCap a bound of the scores before slopes; 0: none
 * @param slopes by query head; empty: none
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content: see equals
public record Scores(double scale, double softCap, float[] slopes, Mask mask) {
    private static final float[] NONE = {};

    public Scores {
        if (!(softCap >= 0)) {
            throw new IllegalArgumentException(
                    "attention: a soft cap is a positive number, or 0 for none, got " + softCap);
        }
    }

    public static Scores scaled(double scale, Mask mask) {
        return new Scores(scale, 0, NONE, mask);
    }

    public Scores withSoftCap(double cap) {
        return new Scores(scale, cap, slopes, mask);
    }

    /** ALiBi with one slope a query head, see {@link #alibiSlopes}. */
    public Scores withSlopes(float... perHead) {
        return new Scores(scale, softCap, perHead, mask);
    }

    public Scores withMask(Mask seen) {
        return new Scores(scale, softCap, slopes, seen);
    }

    /** The slope of a query head, 0 without ALiBi. */
    public float slope(int head) {
        return slopes.length == 0 ? 0 : slopes[head];
    }

    /**
     * ALiBi's slopes: for a power of two {@code 2^(-8 (h + 1) / heads)}; for any other count those
     * of the next smaller power of two, then every second one of twice that power (Press et al.
     * 2022; as in MPT and BLOOM).
     */
    public static float[] alibiSlopes(int heads) {
        int power = Math.max(1, Integer.highestOneBit(heads));
        float[] slopes = new float[heads];
        for (int h = 0; h < heads; h++) {
            double exponent =
                    h < power
                            ? -8.0 * (h + 1) / power
                            : -8.0 * (2 * (h - power) + 1) / (2.0 * power);
            slopes[h] = (float) Math.pow(2, exponent);
        }
        return slopes;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Scores(double s, double c, float[] a, Mask m)
                && Double.compare(s, scale) == 0
                && Double.compare(c, softCap) == 0
                && Arrays.equals(a, slopes)
                && m.equals(mask);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(new Object[] {scale, softCap, slopes, mask});
    }

    @Override
    public String toString() {
        return "scale "
                + scale
                + (softCap == 0 ? "" : " soft cap " + softCap)
                + (slopes.length == 0 ? "" : " slopes")
                + " "
                + mask;
    }
}
