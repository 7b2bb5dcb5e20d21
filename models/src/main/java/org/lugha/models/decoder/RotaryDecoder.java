package org.lugha.models.decoder;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lugha.models.Architecture;
import org.lugha.models.layers.AttentionShape;
import org.lugha.models.layers.Decoder;
import org.lugha.models.layers.DecoderBlock;
import org.lugha.models.layers.GatedMlp;
import org.lugha.models.layers.NormShape;
import org.lugha.models.layers.RotaryTable;
import org.lugha.models.layers.SandwichBlock;
import org.lugha.models.layers.SelfAttention;
import org.lugha.nn.Embedding;
import org.lugha.nn.Init;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;

/** Puts the modules of a {@link DecoderConfig} together. */
public final class RotaryDecoder {
    private final DecoderConfig config;
    private final DecoderSizes sizes;
    private final NormShape norm;
    private final AttentionShape attention;
    private final Map<Rope, RotaryTable> tables = new LinkedHashMap<>();

    private RotaryDecoder(DecoderConfig c) {
        config = c;
        sizes = c.sizes();
        norm = new NormShape(c.normOffset(), sizes.rmsNormEps());
        attention =
                new AttentionShape(
                        sizes.hiddenSize(),
                        sizes.heads(),
                        sizes.keyHeads(),
                        sizes.headDim(),
                        c.hasInputBias(),
                        c.hasOutputBias(),
                        c.scoreScale(),
                        c.scoreSoftCap(),
                        c.hasHeadNorms() ? norm : null,
                        sizes.attentionDropout(),
                        sizes.initializerRange());
    }

    /** The modules, with shapes and without values. */
    public static Architecture declare(DecoderConfig c) {
        return new RotaryDecoder(c).declare();
    }

    private Architecture declare() {
        Init init = Init.normal(sizes.initializerRange());
        int hidden = sizes.hiddenSize();
        for (int i = 0; i < sizes.layers(); i++) {
            tables.computeIfAbsent(config.rope(i), r -> r.table(sizes.headDim()));
        }
        List<RotaryTable> rotary = List.copyOf(tables.values());
        Decoder body =
                new Decoder(
                        new Embedding(sizes.vocabularySize(), hidden, init),
                        config.embeddingScale(),
                        sizes.layers(),
                        this::block,
                        norm.of(hidden),
                        rotary);
        Linear head =
                sizes.isTied()
                        ? Linear.tied(body.embedding().weight())
                        : new Linear(hidden, sizes.vocabularySize(), false, init);
        return new Architecture(
                config,
                "model",
                body,
                body.embedding(),
                body.norm(),
                head,
                config.logitSoftCap(),
                rotary,
                new Architecture.CacheShape(sizes.layers(), sizes.keyHeads(), sizes.headDim()));
    }

    private Module block(int i) {
        RotaryTable table = tables.get(config.rope(i));
        var attends = new SelfAttention(attention, i, config.window(i), table);
        var mlp =
                new GatedMlp(
                        sizes.hiddenSize(),
                        sizes.intermediateSize(),
                        config.hasMlpBias(),
                        config.activation(),
                        sizes.initializerRange());
        return config.hasOuterNorms()
                ? new SandwichBlock(attends, mlp, sizes.hiddenSize(), norm)
                : new DecoderBlock(attends, mlp, sizes.hiddenSize(), norm);
    }
}
