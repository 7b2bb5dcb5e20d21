package org.lugha.models.qwen;

import org.lugha.models.Architecture;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFamily;
import org.lugha.models.decoder.RotaryDecoder;

/** Declares {@code Qwen3ForCausalLM}. */
public final class Qwen3Family implements ModelFamily {
    /** For the service loader. */
    public Qwen3Family() {}

    @Override
    public String modelType() {
        return Qwen3Config.MODEL_TYPE;
    }

    @Override
    public Architecture declare(ConfigJson config) {
        return RotaryDecoder.declare(Qwen3Config.of(config));
    }
}
