package org.lugha.models.mistral;

import org.lugha.models.Architecture;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFamily;
import org.lugha.models.decoder.RotaryDecoder;

/** Declares {@code MistralForCausalLM}. */
public final class MistralFamily implements ModelFamily {
    /** For the service loader. */
    public MistralFamily() {}

    @Override
    public String modelType() {
        return MistralConfig.MODEL_TYPE;
    }

    @Override
    public Architecture declare(ConfigJson config) {
        return RotaryDecoder.declare(MistralConfig.of(config));
    }
}
