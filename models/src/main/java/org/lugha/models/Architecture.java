package org.lugha.models;

import java.util.List;
import org.lugha.models.layers.RotaryTable;
import org.lugha.nn.Embedding;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;

/**
 * The parts of a causal model, as its family declares them. What a body does beside its layers
 * (scaled embeddings, learned positions, a norm of its own behind the embedding) is its own affair.
 *
 * @param config its configuration
 * @param bodyName the child's name in Hugging Face's keys, for example {@code model}
 * @param body ids I32 {@code [B,T]} to hidden states {@code [B,T,D]} before the last norm
 * @param embedding the input embedding, a part of the body
 * @param norm the last norm, a part of the body that {@code compute} of the body leaves out, so
 *     that only the positions that count pass through it
 * @param head the output layer; tied models share the embedding's weight
 * @param logitSoftCap bends logits to {@code cap tanh(logits / cap)}; 0 does not
 * @param rotary tables of positions, closed with the model; possibly none
 * @param cache what a layer keeps of a token
 */
public record Architecture(
        ModelConfig config,
        String bodyName,
        Module body,
        Embedding embedding,
        Module norm,
        Linear head,
        double logitSoftCap,
        List<RotaryTable> rotary,
        CacheShape cache) {

    public Architecture {
        rotary = List.copyOf(rotary);
    }

    /** Layers, key-value heads and the width of a head. */
    public record CacheShape(int layers, int heads, int dim) {}
}
