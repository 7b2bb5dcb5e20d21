package org.lugha.models.llama;

import java.util.ArrayList;
import java.util.List;
import org.lugha.autograd.Var;
import org.lugha.models.layers.AttentionShape;
import org.lugha.models.layers.DecoderBlock;
import org.lugha.models.layers.GatedMlp;
import org.lugha.models.layers.RotaryTable;
import org.lugha.models.layers.SelfAttention;
import org.lugha.nn.Embedding;
import org.lugha.nn.Init;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.nn.RmsNorm;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Unary;

/**
 * Embedding and blocks: ids I32 {@code [B,T]} to hidden states {@code [B,T,D]}. The last norm is
 * declared here, where Hugging Face names it, and applied by whoever knows which positions count.
 */
public final class Llama extends Module {
    private final Embedding embedding;
    private final List<DecoderBlock> blocks = new ArrayList<>();
    private final RmsNorm norm;
    private final RotaryTable rotary;

    public Llama(LlamaConfig c, RotaryTable rotary) {
        this.rotary = rotary;
        double range = c.initializerRange();
        int hidden = c.hiddenSize();
        embedding =
                child(
                        "embed_tokens",
                        new Embedding(c.vocabularySize(), hidden, Init.normal(range)));
        var attention =
                new AttentionShape(
                        hidden, c.heads(), c.keyHeads(), c.headDim(), c.attentionBias(), range);
        for (int i = 0; i < c.layers(); i++) {
            var mlp = new GatedMlp(hidden, c.intermediateSize(), c.mlpBias(), Unary.SILU, range);
            blocks.add(
                    child(
                            "layers." + i,
                            new DecoderBlock(
                                    new SelfAttention(attention, i, rotary),
                                    mlp,
                                    hidden,
                                    c.rmsNormEps())));
        }
        norm = child("norm", new RmsNorm(hidden, c.rmsNormEps()));
    }

    public Embedding embedding() {
        return embedding;
    }

    public RmsNorm norm() {
        return norm;
    }

    @Override
    protected Var compute(Var ids, Pass pass) {
        Var x = embedding.forward(ids, pass);
        rotary.reach(positions(pass), x.value().device(), x.value().dtype());
        for (DecoderBlock b : blocks) {
            Var y = pass.recompute() ? b.recompute(x, pass) : b.forward(x, pass);
            Scope.current().letGo(x.value()); // deep models would pile them up
            x = y;
        }
        return x;
    }

    /** One more than the largest position of the pass. */
    private static int positions(Pass pass) {
        Tensor p = pass.positions();
        if (!p.device().isHost()) {
            return p.dim(1) + (pass.cache() == null ? 0 : pass.cache().length());
        }
        double last = 0;
        for (long i = 0; i < p.count(); i++) {
            last = Math.max(last, p.get(i));
        }
        return (int) last + 1;
    }
}
