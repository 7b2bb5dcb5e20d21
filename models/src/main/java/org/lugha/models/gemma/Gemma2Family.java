package org.lugha.models.gemma;

import org.lugha.models.Architecture;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFamily;
import org.lugha.models.decoder.RotaryDecoder;

/** Declares {@code Gemma2ForCausalLM}. */
public final class Gemma2Family implements ModelFamily {
    /** For the service loader. */
    public Gemma2Family() {}

    @Override
    public String modelType() {
        return Gemma2Config.MODEL_TYPE;
    }

    @Override
    public Architecture declare(ConfigJson config) {
        return RotaryDecoder.declare(Gemma2Config.of(config));
    }
}
