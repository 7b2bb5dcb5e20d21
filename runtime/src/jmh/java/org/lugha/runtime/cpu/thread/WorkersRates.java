package org.lugha.runtime.cpu.thread;

import java.util.Arrays;

/**
 * What the pool makes of a short job: {@code java .. org.lugha.runtime.cpu.thread.WorkersRates
 * [MICROS]} times a job of so many microseconds (20 without) in 16 chunks on one thread and on two,
 * with pauses of 0, 50 and 1000 us between jobs; medians of the job alone, without the pause.
 */
public final class WorkersRates {
    private static final int CHUNKS = 16;

    /** Keeps the JIT from dropping the work. */
    static volatile double sink;

    private WorkersRates() {}

    public static void main(String[] args) {
        double micros = args.length > 0 ? Double.parseDouble(args[0]) : 20;
        Workers one = new Workers(1);
        Workers two = new Workers(2);
        measure(one, 1000, 0);
        int steps = (int) Math.max(1, 1000 * micros / measure(one, 1000, 0));
        for (int pause : new int[] {0, 50, 1000}) {
            double alone = measure(one, steps, pause);
            double both = measure(two, steps, pause);
            System.out.printf(
                    "pause %4d us: one thread %.1f us, two threads %.1f us, gain %.2f%n",
                    pause, alone, both, alone / both);
        }
    }

    /** Microseconds of a job of {@code steps} dependent multiply-adds a chunk. */
    private static double measure(Workers pool, int steps, int pause) {
        int jobs = 3000;
        double[] took = new double[jobs];
        for (int i = 0; i < jobs; i++) {
            for (long until = System.nanoTime() + pause * 1000L; System.nanoTime() < until; ) {
                Thread.onSpinWait();
            }
            long since = System.nanoTime();
            pool.split(CHUNKS, 1, (from, to) -> work(from, steps));
            took[i] = (System.nanoTime() - since) / 1e3;
        }
        double[] late = Arrays.copyOfRange(took, jobs / 3, jobs);
        Arrays.sort(late);
        return late[late.length / 2];
    }

    private static void work(long seed, int steps) {
        double x = seed + 1;
        for (int i = 0; i < steps; i++) {
            x = Math.fma(x, 0.999, 1e-3);
        }
        sink = x;
    }
}
