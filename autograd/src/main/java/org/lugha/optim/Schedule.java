package org.lugha.optim;

/**
 * The learning rate of a step, as Hugging Face's schedules have it. Steps count from 1; step s has
 * the index {@code i = s - 1}. Warm-up: {@code i / warmupSteps} while that is below 1, so that with
 * warm-up the first step does not move and without it the first step has the full rate.
 */
public sealed interface Schedule {
    /** What the learning rate of this step, from 1, is multiplied by. */
    double factor(long step);

    /** The learning rate of this step, from 1. */
    default double at(long step, double lr) {
        return lr * factor(step);
    }

    /** Stays at the full rate. */
    record Constant(long warmupSteps) implements Schedule {
        public Constant {
            check(warmupSteps, Long.MAX_VALUE, 0);
        }

        @Override
        public double factor(long step) {
            return Math.min(1, warmUp(step, warmupSteps));
        }
    }

    /**
     * {@code r + (1 - r) (total - i) / (total - warmup)}, and r from index {@code total} on.
     *
     * @param minLrRatio r, where the rate ends
     */
    record Linear(long warmupSteps, long totalSteps, double minLrRatio) implements Schedule {
        public Linear {
            check(warmupSteps, totalSteps, minLrRatio);
        }

        @Override
        public double factor(long step) {
            double up = warmUp(step, warmupSteps);
            double left = 1 - progress(step, warmupSteps, totalSteps);
            return up < 1 ? up : minLrRatio + (1 - minLrRatio) * left;
        }
    }

    /**
     * {@code r + (1 - r) (1 + cos(pi (i - warmup) / (total - warmup))) / 2} (Loshchilov and Hutter
     * 2017), and r from index {@code total} on.
     *
     * @param minLrRatio r, where the rate ends
     */
    record Cosine(long warmupSteps, long totalSteps, double minLrRatio) implements Schedule {
        public Cosine {
            check(warmupSteps, totalSteps, minLrRatio);
        }

        @Override
        public double factor(long step) {
            double up = warmUp(step, warmupSteps);
            double wave = 0.5 * (1 + Math.cos(Math.PI * progress(step, warmupSteps, totalSteps)));
            return up < 1 ? up : minLrRatio + (1 - minLrRatio) * wave;
        }
    }

    /** Below 1 while warming up. */
    private static double warmUp(long step, long warmupSteps) {
        if (step < 1) {
            throw new IllegalArgumentException("schedule: steps count from 1, got " + step);
        }
        return step - 1 < warmupSteps ? (double) (step - 1) / warmupSteps : 1;
    }

    private static double progress(long step, long warmupSteps, long totalSteps) {
        double done = step - 1 - warmupSteps;
        return Math.min(1, done / Math.max(1, totalSteps - warmupSteps));
    }

    private static void check(long warmupSteps, long totalSteps, double minLrRatio) {
        if (warmupSteps < 0 || warmupSteps > totalSteps || !(minLrRatio >= 0 && minLrRatio <= 1)) {
            throw new IllegalArgumentException(
                    "schedule: needs 0 <= warm-up steps <= total steps and a least ratio in [0, 1],"
                            + " got warm-up "
                            + warmupSteps
                            + ", total "
                            + totalSteps
                            + ", ratio "
                            + minLrRatio);
        }
    }
}
