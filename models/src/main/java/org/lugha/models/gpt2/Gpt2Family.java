package org.lugha.models.gpt2;

import java.util.List;
import java.util.stream.IntStream;
import org.lugha.models.Architecture;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFamily;
import org.lugha.models.layers.FusedSelfAttention;
import org.lugha.models.layers.LayerNormBlock;
import org.lugha.models.layers.LayerNormDecoder;
import org.lugha.models.layers.Mlp;
import org.lugha.nn.Embedding;
import org.lugha.nn.Init;
import org.lugha.nn.LayerNorm;
import org.lugha.nn.Linear;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

/** Declares {@code GPT2LMHeadModel}: learned positions, weights stored {@code [in, out]}. */
public final class Gpt2Family implements ModelFamily {
    /** For the service loader. */
    public Gpt2Family() {}

    @Override
    public String modelType() {
        return Gpt2Config.MODEL_TYPE;
    }

    @Override
    public Architecture declare(ConfigJson config) {
        return declare(Gpt2Config.of(config));
    }

    /** The modules of this configuration. */
    public static Architecture declare(Gpt2Config c) {
        Init init = Init.normal(c.initializerRange());
        int hidden = c.hiddenSize();
        LayerNormDecoder body =
                new LayerNormDecoder(
                        "wte",
                        new Embedding(c.vocabularySize(), hidden, init),
                        new LayerNormDecoder.Positions(
                                "wpe", new Embedding(c.maxPositions(), hidden, init)),
                        c.dropout().embedding(),
                        blocks(c, init),
                        new LayerNorm(hidden, c.eps()));
        Linear head =
                c.isTied()
                        ? Linear.tied(body.embedding().weight())
                        : new Linear(hidden, c.vocabularySize(), false, init);
        return new Architecture(
                c,
                "transformer",
                body,
                body.embedding(),
                body.norm(),
                head,
                0,
                List.of(),
                new Architecture.CacheShape(c.layers(), c.heads(), c.headDim()));
    }

    /** What joins a residual starts smaller, the more of them there are (Radford et al. 2019). */
    private static List<LayerNormBlock> blocks(Gpt2Config c, Init init) {
        Init less = Init.normal(c.initializerRange() / Math.sqrt(2.0 * c.layers()));
        int hidden = c.hiddenSize();
        var shape =
                new LayerNormBlock.Shape(
                        "ln_1", "attn", "ln_2", hidden, c.eps(), false, c.dropout().residual());
        return IntStream.range(0, c.layers())
                .mapToObj(i -> {
                    var heads =
                            new FusedSelfAttention.Shape(
                                    c.heads(),
                                    2,
                                    Scores.scaled(c.scale(i), Mask.causal()),
                                    c.dropout().attention());
                    var attention =
                            new FusedSelfAttention(
                                    heads,
                                    i,
                                    "c_attn",
                                    Linear.inOut(hidden, 3 * hidden, true, init),
                                    "c_proj",
                                    Linear.inOut(hidden, hidden, true, less));
                    var mlp =
                            new Mlp(
                                    "c_fc",
                                    Linear.inOut(hidden, c.innerSize(), true, init),
                                    c.function(),
                                    "c_proj",
                                    Linear.inOut(c.innerSize(), hidden, true, less));
                    return new LayerNormBlock(shape, i, attention, mlp);
                })
                .toList();
    }
}
