package org.lugha.models.layers;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.nn.Embedding;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.nn.RmsNorm;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;

/**
 * Embedding and blocks: ids I32 {@code [B,T]} to hidden states {@code [B,T,D]}. The last norm is
 * declared here, where Hugging Face names it, and applied by whoever knows which positions count.
 */
public final class Decoder extends Module {
    private final Embedding embedding;
    private final double embeddingScale;
    private final List<? extends Module> blocks;
    private final RmsNorm norm;
    private final List<RotaryTable> rotary;

    /**
     * @param embeddingScale what embeddings are multiplied by, rounded to the type of the table as
     *     transformers does; 1: nothing
     * @param rotary the tables that the blocks use
     */
    public Decoder(
            Embedding embedding,
            double embeddingScale,
            int layers,
            IntFunction<? extends Module> block,
            RmsNorm norm,
            List<RotaryTable> rotary) {
        this.embedding = child("embed_tokens", embedding);
        this.embeddingScale = embeddingScale;
        blocks =
                IntStream.range(0, layers)
                        .mapToObj(i -> child("layers." + i, block.apply(i)))
                        .toList();
        this.norm = child("norm", norm);
        this.rotary = List.copyOf(rotary);
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
        if (embeddingScale != 1) {
            x = x.scale(scale());
        }
        int reach = positions(pass);
        for (RotaryTable r : rotary) {
            r.reach(reach, x.value().device(), x.value().dtype());
        }
        for (Module b : blocks) {
            Var y = pass.recompute() ? b.recompute(x, pass) : b.forward(x, pass);
            Scope.current().letGo(x.value()); // deep models would pile them up
            x = y;
        }
        return x;
    }

    /** What embeddings are multiplied by, rounded to the type of their table. */
    public double scale() {
        DType type = table().value().dtype();
        MemorySegment one = MemorySegment.ofArray(new double[1]);
        type.set(one, 0, (float) embeddingScale);
        return type.get(one, 0);
    }

    /** What embeddings are read from. */
    private Parameter table() {
        return embedding.adapters().stream()
                .filter(TrainedCopy.class::isInstance)
                .map(a -> ((TrainedCopy) a).weight())
                .findFirst()
                .orElse(embedding.weight());
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
