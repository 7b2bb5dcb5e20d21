package org.lugha.models.evaluate;

/**
 * The value of a metric, from 0 to 100, with the signature that says how it was made.
 *
 * @param name the metric as sacrebleu names it, for example {@code BLEU} or {@code chrF2++}
 * @param value not rounded
 * @param signature in the notation of sacrebleu
 */
public record Score(String name, double value, String signature) {}
