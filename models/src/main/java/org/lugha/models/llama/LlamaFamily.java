package org.lugha.models.llama;

import org.lugha.models.Architecture;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFamily;
import org.lugha.models.layers.RotaryTable;
import org.lugha.nn.Init;
import org.lugha.nn.Linear;

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
        return declare(LlamaConfig.of(config));
    }

    /** The modules of this configuration. */
    public static Architecture declare(LlamaConfig c) {
        RotaryTable rotary = new RotaryTable(c.scaling().frequencies(c.ropeTheta(), c.headDim()));
        Llama body = new Llama(c, rotary);
        Linear head =
                c.isTied()
                        ? Linear.tied(body.embedding().weight())
                        : new Linear(
                                c.hiddenSize(),
                                c.vocabularySize(),
                                false,
                                Init.normal(c.initializerRange()));
        return new Architecture(
                c,
                "model",
                body,
                body.embedding(),
                body.norm(),
                head,
                rotary,
                new Architecture.CacheShape(c.layers(), c.keyHeads(), c.headDim()));
    }
}
