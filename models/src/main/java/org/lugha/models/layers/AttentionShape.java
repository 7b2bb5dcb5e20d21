package org.lugha.models.layers;

/**
 * The sizes of an attention layer.
 *
 * @param hidden D of its input and output
 * @param heads query heads
 * @param keyHeads key and value heads, a divisor of heads
 * @param headDim width of a head
 * @param bias whether q, k, v and o have one
 * @param initRange deviation of the first weights
 */
public record AttentionShape(
        int hidden, int heads, int keyHeads, int headDim, boolean bias, double initRange) {}
