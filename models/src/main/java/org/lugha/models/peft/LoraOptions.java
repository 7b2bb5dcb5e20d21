package org.lugha.models.peft;

import java.util.Locale;

/**
 * What LoRA does beside {@code W + s B A}; nothing by default.
 *
 * @param rankStabilised {@code use_rslora}: {@code s = alpha / sqrt(rank)}
 * @param dora {@code use_dora}: a trained length of each of the weight's rows ({@link DoraLayer})
 * @param bias {@code bias}: which of the base's biases are trained too
 * @param outputBias {@code lora_bias}: a bias behind B
 * @param start {@code init_lora_weights}: first values of A and B
 */
public record LoraOptions(
        boolean rankStabilised, boolean dora, Biases bias, boolean outputBias, LoraStart start) {
    public static final LoraOptions NONE =
            new LoraOptions(false, false, Biases.NONE, false, LoraStart.STANDARD);

    /** Which of the base's biases are trained. */
    public enum Biases {
        /** None. */
        NONE,
        /** Every one. */
        ALL,
        /** Those of layers with LoRA. */
        LORA_ONLY;

        /** As PEFT writes it, for example {@code lora_only}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public LoraOptions withRankStabilised(boolean yes) {
        return new LoraOptions(yes, dora, bias, outputBias, start);
    }

    public LoraOptions withDora(boolean yes) {
        return new LoraOptions(rankStabilised, yes, bias, outputBias, start);
    }

    public LoraOptions withBias(Biases which) {
        return new LoraOptions(rankStabilised, dora, which, outputBias, start);
    }

    public LoraOptions withOutputBias(boolean yes) {
        return new LoraOptions(rankStabilised, dora, bias, yes, start);
    }

    public LoraOptions withStart(LoraStart values) {
        return new LoraOptions(rankStabilised, dora, bias, outputBias, values);
    }
}
