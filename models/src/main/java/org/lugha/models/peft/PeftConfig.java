package org.lugha.models.peft;

import org.lugha.models.CausalLM;
import tools.jackson.databind.node.ObjectNode;

/** A method of parameter-efficient fine-tuning, as {@code adapter_config.json} describes it. */
public sealed interface PeftConfig permits Lora {
    /**
     * Freezes the model and attaches fresh adapters, first values a function of the seed.
     *
     * @throws org.lugha.models.RequestException when nothing matches, naming what the model has
     */
    void attachTo(CausalLM model, long seed);

    /**
     * As {@code adapter_config.json}.
     *
     * @param model the model it is attached to
     * @param base where the base model came from; null when it came from nowhere
     */
    ObjectNode toJson(CausalLM model, String base);
}
