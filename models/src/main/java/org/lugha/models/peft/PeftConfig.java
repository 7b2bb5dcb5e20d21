package org.lugha.models.peft;

import java.nio.file.Path;
import org.lugha.models.CausalLM;
import tools.jackson.databind.node.ObjectNode;

/** A method of parameter-efficient fine-tuning, as {@code adapter_config.json} describes it. */
public sealed interface PeftConfig permits Lora, DyLora {
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
