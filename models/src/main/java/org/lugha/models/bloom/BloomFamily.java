package org.lugha.models.bloom;

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
import org.lugha.runtime.spi.Unary;

/** Declares {@code BloomForCausalLM}: ALiBi, a norm behind the embedding. */
public final class BloomFamily implements ModelFamily {
    /** For the service loader. */
    public BloomFamily() {}

    @Override
    public String modelType() {
        return BloomConfig.MODEL_TYPE;
    }

    @Override
    public Architecture declare(ConfigJson config) {
        return declare(BloomConfig.of(config));
    }

    /** The modules of this configuration. */
    public static Architecture declare(BloomConfig c) {
        Init init = Init.normal(c.initializerRange());
        int hidden = c.hiddenSize();
        LayerNormDecoder body =
                new LayerNormDecoder(
                        "word_embeddings",
                        new Embedding(c.vocabularySize(), hidden, init),
                        new LayerNormDecoder.Normed(
                                "word_embeddings_layernorm", new LayerNorm(hidden, c.eps())),
                        0,
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

    private static List<LayerNormBlock> blocks(BloomConfig c, Init init) {
        int hidden = c.hiddenSize();
        var shape =
                new LayerNormBlock.Shape(
                        "input_layernorm",
                        "self_attention",
                        "post_attention_layernorm",
                        hidden,
                        c.eps(),
                        c.isResidualNormed(),
                        c.hiddenDropout());
        double scale = 1 / Math.sqrt(c.headDim());
        var heads =
                new FusedSelfAttention.Shape(
                        c.heads(),
                        3,
                        Scores.scaled(scale, Mask.causal())
                                .withSlopes(Scores.alibiSlopes(c.heads())),
                        c.attentionDropout());
        return IntStream.range(0, c.layers())
                .mapToObj(i -> {
                    var attention =
                            new FusedSelfAttention(
                                    heads,
                                    i,
                                    "query_key_value",
                                    new Linear(hidden, 3 * hidden, true, init),
                                    "dense",
                                    new Linear(hidden, hidden, true, init));
                    var mlp =
                            new Mlp(
                                    "dense_h_to_4h",
                                    new Linear(hidden, 4 * hidden, true, init),
                                    Unary.GELU_TANH,
                                    "dense_4h_to_h",
                                    new Linear(4 * hidden, hidden, true, init));
                    return new LayerNormBlock(shape, i, attention, mlp);
                })
                .toList();
    }
}
