package org.lugha.runtime.measure;

import java.lang.management.ManagementFactory;
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

    /** Further quarters of a second of warm-up. */
    private static final int PATIENCE = 20;

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

    /**
     * At least a second of this thread's processor time and five calls, then until a quarter of a
     * second more no longer makes calls faster.
     */
    public static void warmUp(Runnable work) {
        double before = Double.MAX_VALUE;
        double now = best(work, 1.0);
        for (int i = 0; i < PATIENCE && now < 0.9 * before; i++) {
            before = now;
            now = Math.min(now, best(work, 0.25));
        }
    }

    private static double best(Runnable work, double seconds) {
        double least = Double.MAX_VALUE;
        long since = processorTime();
        for (int i = 0; i < 5 || processorTime() - since < seconds * 1e9; i++) {
            least = Math.min(least, round(work, 1));
        }
        return least;
    }

    /** A thread that others keep from running gets no warmer meanwhile. */
    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
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
