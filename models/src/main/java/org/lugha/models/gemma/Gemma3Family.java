package org.lugha.models.gemma;

import org.lugha.models.Architecture;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFamily;
import org.lugha.models.decoder.RotaryDecoder;

/** Declares {@code Gemma3ForCausalLM}. */
public final class Gemma3Family implements ModelFamily {
    /** For the service loader. */
    public Gemma3Family() {}

    @Override
    public String modelType() {
        return Gemma3Config.MODEL_TYPE;
    }

    @Override
    public Architecture declare(ConfigJson config) {
        return RotaryDecoder.declare(Gemma3Config.of(config));
    }
}
