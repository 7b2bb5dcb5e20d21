package org.lugha.models.llama;

import org.lugha.models.Architecture;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFamily;
import org.lugha.models.layers.AttentionShape;
import org.lugha.models.layers.Decoder;
import org.lugha.models.layers.DecoderBlock;
import org.lugha.models.layers.GatedMlp;
import org.lugha.models.layers.NormShape;
import org.lugha.models.layers.RotaryTable;
import org.lugha.models.layers.SelfAttention;
import org.lugha.nn.Embedding;
import org.lugha.nn.Init;
import org.lugha.nn.Linear;
import org.lugha.runtime.spi.Unary;

import java.util.List;

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
        double range = c.initializerRange();
        int hidden = c.hiddenSize();
        var norm = new NormShape(0, c.rmsNormEps());
        var attention =
                new AttentionShape(
                        hidden,
                        c.heads(),
                        c.keyHeads(),
                        c.headDim(),
                        c.attentionBias(),
                        c.attentionBias(),
                        1 / Math.sqrt(c.headDim()),
                        0,
                        null,
                        range);
        Decoder body =
                new Decoder(
                        new Embedding(c.vocabularySize(), hidden, Init.normal(range)),
                        1,
                        c.layers(),
                        i ->
                                new DecoderBlock(
                                        new SelfAttention(attention, i, 0, rotary),
                                        new GatedMlp(
                                                hidden,
                                                c.intermediateSize(),
                                                c.mlpBias(),
                                                Unary.SILU,
                                                range),
                                        hidden,
                                        norm),
                        norm.of(hidden),
                        List.of(rotary));
        Linear head =
                c.isTied()
                        ? Linear.tied(body.embedding().weight())
                        : new Linear(hidden, c.vocabularySize(), false, Init.normal(range));
        return new Architecture(
                c,
                "model",
                body,
                body.embedding(),
                body.norm(),
                head,
                0,
                List.of(rotary),
                new Architecture.CacheShape(c.layers(), c.keyHeads(), c.headDim()));
    }
}
