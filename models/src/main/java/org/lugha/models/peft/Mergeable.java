package org.lugha.models.peft;

import org.lugha.nn.Adapter;
import org.lugha.nn.Module;
import org.lugha.runtime.Tensor;

/** An adapter that can become part of its layer's own tensors, after which it is not needed. */
public interface Mergeable extends Adapter {
    /**
     * Changes one tensor of the layer in place.
     *
     * @param host the layer, with values of its own
     * @param name of the tensor in its layer, for example {@code weight}
     * @param wide a copy of that tensor with what earlier adapters did to it, of the type that is
     *     computed in
     */
    void merge(Module host, String name, Tensor wide);

    /** Whether a tensor of this name changes; the others are copied as they lie. */
    default boolean changes(String name) {
        return name.equals("weight");
    }
}
