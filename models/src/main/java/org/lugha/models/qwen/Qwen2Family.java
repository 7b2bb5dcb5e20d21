package org.lugha.models.qwen;

import org.lugha.models.Architecture;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFamily;
import org.lugha.models.decoder.RotaryDecoder;

/** Declares {@code Qwen2ForCausalLM}. */
public final class Qwen2Family implements ModelFamily {
    /** For the service loader. */
    public Qwen2Family() {}

    @Override
    public String modelType() {
        return Qwen2Config.MODEL_TYPE;
    }

    @Override
    public Architecture declare(ConfigJson config) {
        return RotaryDecoder.declare(Qwen2Config.of(config));
    }
}
