package org.lugha.models.llama;

import org.lugha.models.Architecture;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFamily;
import org.lugha.models.decoder.RotaryDecoder;

/** Declares {@code LlamaForCausalLM}. */
public final class LlamaFamily implements ModelFamily {
    /** For the service loader. */
    public LlamaFamily() {}

    @Override
    public String modelType() {
        return LlamaConfig.MODEL_TYPE;
    }

    @Override
    public Architecture declare(ConfigJson config) {
        return RotaryDecoder.declare(LlamaConfig.of(config));
    }
}
