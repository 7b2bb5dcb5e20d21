package org.lugha.models;

import java.util.List;

/**
 * How tokens are made after a prompt.
 *
 * @param maxNewTokens at most; 0 makes none
 * @param endIds tokens that end a row; the one that came is part of what was made
 * @param repetitionPenalty what the logits of all tokens that a row holds, its prompt's too, are
 *     divided by where positive and multiplied with where negative (Keskar et al. 2019), before the
 *     sampler sees them; 1 changes nothing
 * @param watcher asked after every token
 * @param rowSamplers one a row of the batch; none: all rows use {@code sampler}
 */
public record GenerationOptions(
        int maxNewTokens,
        Sampler sampler,
        List<Integer> endIds,
        double repetitionPenalty,
        Watcher watcher,
        List<Sampler> rowSamplers) {

    /** Sees every token as it comes, and may end a row. */
    @FunctionalInterface
    public interface Watcher {
        /** Whether this row of the batch is done with these new tokens. */
        boolean isDone(int row, int[] made);
    }

    public GenerationOptions {
        endIds = List.copyOf(endIds);
        rowSamplers = List.copyOf(rowSamplers);
        if (!(repetitionPenalty > 0)) {
            throw new RequestException(
                    "generate: expected a repetition penalty above 0, got " + repetitionPenalty);
        }
    }

    /** Without a penalty and a watcher. */
    public GenerationOptions(int maxNewTokens, Sampler sampler, List<Integer> endIds) {
        this(maxNewTokens, sampler, endIds, 1, (_, _) -> false, List.of());
    }

    public GenerationOptions withRepetitionPenalty(double penalty) {
        return new GenerationOptions(maxNewTokens, sampler, endIds, penalty, watcher, rowSamplers);
    }

    public GenerationOptions withWatcher(Watcher w) {
        return new GenerationOptions(
                maxNewTokens, sampler, endIds, repetitionPenalty, w, rowSamplers);
    }

    /** Every row draws for itself, so that it draws in a batch what it would draw alone. */
    public GenerationOptions withRowSamplers(List<Sampler> samplers) {
        return new GenerationOptions(
                maxNewTokens, sampler, endIds, repetitionPenalty, watcher, samplers);
    }

    Sampler sampler(int row) {
        return rowSamplers.isEmpty() ? sampler : rowSamplers.get(row);
    }

    /** Changes scores in place for tokens that a row holds already. */
    void penalize(float[] scores, boolean[] held) {
        if (repetitionPenalty == 1) {
            return;
        }
        float penalty = (float) repetitionPenalty;
        for (int i = 0; i < scores.length; i++) {
            if (held[i]) {
                scores[i] = scores[i] < 0 ? scores[i] * penalty : scores[i] / penalty;
            }
        }
    }
}
