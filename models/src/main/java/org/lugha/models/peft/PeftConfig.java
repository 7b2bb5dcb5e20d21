package org.lugha.models.peft;

import java.nio.file.Path;
import java.util.SequencedMap;
import org.lugha.models.CausalLM;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.node.ObjectNode;

/** A method of parameter-efficient fine-tuning, as {@code adapter_config.json} describes it. */
public sealed interface PeftConfig
        permits BitFit, BottleneckAdapters, DyLora, Ia3, Lora, PrefixTuning, PromptTuning {
    /** What PEFT's keys begin with, the path in the model behind it. */
    String MODEL_PREFIX = "base_model.model.";

    /**
     * Freezes the model and what is attached to it, and attaches fresh adapters, first values a
     * function of the seed.
     *
     * @throws org.lugha.models.RequestException when nothing matches, naming what the model has
     */
    Attached attachTo(CausalLM model, long seed);

    /**
     * As {@link #attachTo} with the parameters that a file has, which the caller fills: nothing is
     * made of a text or of projections that only training needs.
     */
    default Attached attachForFile(CausalLM model) {
        return attachTo(model, 0);
    }

    /** What is written of an adapter, by key without a prefix, in the current scope. */
    default SequencedMap<String, Tensor> tensors(Attached adapter) {
        return adapter.saved();
    }

    /**
     * As {@code adapter_config.json}.
     *
     * @param model the model it is attached to
     * @param base where the base model came from; null when it came from nowhere
     */
    ObjectNode toJson(CausalLM model, String base);

    /** Writes what has no place in PEFT's own files, into a folder that is there. */
    default void writeBeside(Path folder) {}

    /** What keys in {@code adapter_model.safetensors} begin with. */
    default String prefix() {
        return MODEL_PREFIX;
    }
}
