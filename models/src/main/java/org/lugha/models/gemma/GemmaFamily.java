package org.lugha.models.gemma;

import org.lugha.models.Architecture;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFamily;
import org.lugha.models.decoder.RotaryDecoder;

/** Declares {@code GemmaForCausalLM}. */
public final class GemmaFamily implements ModelFamily {
    /** For the service loader. */
    public GemmaFamily() {}

    @Override
    public String modelType() {
        return GemmaConfig.MODEL_TYPE;
    }

    @Override
    public Architecture declare(ConfigJson config) {
        return RotaryDecoder.declare(GemmaConfig.of(config));
    }
}
