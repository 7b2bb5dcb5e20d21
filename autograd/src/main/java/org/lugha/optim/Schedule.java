package org.lugha.optim;

/**
 * The learning rate's course over optimizer steps, as Hugging Face's schedules define it: step s
 * (from 1) has index i = s - 1, the warm-up factor is i / warmupSteps, and what follows is a factor
 * of the progress {@code (i - warmup) / (total - warmup)} scaled to end at the smallest ratio r:
 * {@code r + (1 - r) factor}.
 */
public sealed interface Schedule {
    /** The rate of one step; the first is 1. */
    double at(long step, double lr);

    /** Warm-up, then the full rate. */
    record Constant(int warmupSteps) implements Schedule {
        @Override
        public double at(long step, double lr) {
            return step - 1 < warmupSteps ? lr * (step - 1) / warmupSteps : lr;
        }
    }

    /** Warm-up, then {@code 1 - progress}. */
    record Linear(int warmupSteps, int totalSteps, double minLrRatio) implements Schedule {
        @Override
        public double at(long step, double lr) {
            double p = progress(step, warmupSteps, totalSteps);
            return p < 0
                    ? lr * (step - 1) / warmupSteps
                    : lr * (minLrRatio + (1 - minLrRatio) * (1 - p));
        }
    }

    /** Warm-up, then {@code (1 + cos(pi progress)) / 2}. */
    record Cosine(int warmupSteps, int totalSteps, double minLrRatio) implements Schedule {
        @Override
        public double at(long step, double lr) {
            double p = progress(step, warmupSteps, totalSteps);
            return p < 0
                    ? lr * (step - 1) / warmupSteps
                    : lr * (minLrRatio + (1 - minLrRatio) * 0.5 * (1 + Math.cos(Math.PI * p)));
        }
    }

    /** In [0, 1] after warm-up, negative during it. */
    private static double progress(long step, int warmup, int total) {
        long i = step - 1;
        return i < warmup ? -1 : Math.min(1, (double) (i - warmup) / Math.max(1, total - warmup));
    }
}
