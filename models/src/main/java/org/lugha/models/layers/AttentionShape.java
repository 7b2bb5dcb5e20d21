package org.lugha.models.layers;

/**
 * An attention layer as its family has it.
 *
 * @param hidden D of its input and output
 * @param heads query heads
 * @param keyHeads key and value heads, a divisor of heads
 * @param headDim width of a head
 * @param inputBias whether q, k and v have one
 * @param outputBias whether o has one
 * @param scale of the scores, usually {@code 1 / sqrt(headDim)}
 * @param softCap bound of the scores; 0: none
 * @param headNorm what queries and keys pass through, head by head; null: nothing
 * @param dropout of the probabilities in training, which is not supported above 0
 * @param initRange deviation of the first weights
 */
public record AttentionShape(
        int hidden,
        int heads,
        int keyHeads,
        int headDim,
        boolean inputBias,
        boolean outputBias,
        double scale,
        double softCap,
        NormShape headNorm,
        double dropout,
        double initRange) {}
