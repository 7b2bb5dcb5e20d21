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
 */
public record GenerationOptions(
        int maxNewTokens,
        Sampler sampler,
        List<Integer> endIds,
        double repetitionPenalty,
        Watcher watcher) {

    /** Sees every token as it comes, and may end a row. */
    @FunctionalInterface
    public interface Watcher {
        /** Whether this row of the batch is done with these new tokens. */
        boolean isDone(int row, int[] made);
    }

    public GenerationOptions {
        endIds = List.copyOf(endIds);
        if (!(repetitionPenalty > 0)) {
            throw new RequestException(
                    "generate: expected a repetition penalty above 0, got " + repetitionPenalty);
        }
    }

    /** Without a penalty and a watcher. */
    public GenerationOptions(int maxNewTokens, Sampler sampler, List<Integer> endIds) {
        this(maxNewTokens, sampler, endIds, 1, (_, _) -> false);
    }

    public GenerationOptions withRepetitionPenalty(double penalty) {
        return new GenerationOptions(maxNewTokens, sampler, endIds, penalty, watcher);
    }

    public GenerationOptions withWatcher(Watcher w) {
        return new GenerationOptions(maxNewTokens, sampler, endIds, repetitionPenalty, w);
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
