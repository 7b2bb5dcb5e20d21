package org.lugha.runtime.measure;

import java.util.Arrays;

/**
 * Times of one call.
 *
 * @param median of all rounds, in seconds
 * @param best round, in seconds
 */
public record Timing(double median, double best) {
    private static final double ROUND_SECONDS = 0.03;
    private static final int MOST_CALLS = 20_000;

    /**
     * Runs the work until the JIT is done with it, then times rounds of as many calls as fill some
     * hundredths of a second.
     */
    public static Timing of(Runnable work, int rounds) {
        warmUp(work);
        double[] seconds = new double[rounds];
        int calls = calls(work);
        for (int r = 0; r < rounds; r++) {
            seconds[r] = round(work, calls);
        }
        Arrays.sort(seconds);
        double middle = (seconds[(rounds - 1) / 2] + seconds[rounds / 2]) / 2;
        return new Timing(middle, seconds[0]);
    }

    /** At least a second and at least five calls. */
    public static void warmUp(Runnable work) {
        long since = System.nanoTime();
        for (int i = 0; i < 5 || System.nanoTime() - since < 1_000_000_000L; i++) {
            work.run();
        }
    }

    /** How many calls fill a round. */
    public static int calls(Runnable work) {
        double one = Math.min(round(work, 1), round(work, 1));
        return (int) Math.clamp(ROUND_SECONDS / one, 1, MOST_CALLS);
    }

    /** Seconds a call, over {@code calls} calls. */
    public static double round(Runnable work, int calls) {
        long since = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            work.run();
        }
        return (System.nanoTime() - since) * 1e-9 / calls;
    }
}
