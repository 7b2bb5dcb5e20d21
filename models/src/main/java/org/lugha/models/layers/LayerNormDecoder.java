package org.lugha.models.layers;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.lugha.autograd.Var;
import org.lugha.models.RequestException;
import org.lugha.nn.Embedding;
import org.lugha.nn.LayerNorm;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;

/**
 * Embedding, blocks and last norm of GPT-2 and its kin: ids I32 {@code [B,T]} to hidden states
 * {@code [B,T,D]}. The last norm is declared here, where Hugging Face names it, and applied by
 * whoever knows which positions count.
 */
public final class LayerNormDecoder extends Module {
    private final Embedding embedding;
    private final Entry entry;
    private final double dropout;
    private final List<LayerNormBlock> blocks;
    private final LayerNorm norm;

    /** What happens to an embedding before the first block sees it. */
    public sealed interface Entry {}

    /** A learned vector a position is added. */
    public record Positions(String name, Embedding table) implements Entry {}

    /** It is normed. */
    public record Normed(String name, LayerNorm norm) implements Entry {}

    /**
     * @param embeddingName its key
     * @param dropout behind the entry, in training
     */
    public LayerNormDecoder(
            String embeddingName,
            Embedding embedding,
            Entry entry,
            double dropout,
            List<LayerNormBlock> blocks,
            LayerNorm norm) {
        this.embedding = child(embeddingName, embedding);
        this.entry = entry;
        this.dropout = dropout;
        switch (entry) {
            case Positions(String name, Embedding table) -> child(name, table);
            case Normed(String name, LayerNorm n) -> child(name, n);
        }
        this.blocks = List.copyOf(blocks);
        IntStream.range(0, blocks.size()).forEach(i -> child("h." + i, blocks.get(i)));
        this.norm = child("ln_f", norm);
    }

    public Embedding embedding() {
        return embedding;
    }

    public LayerNorm norm() {
        return norm;
    }

    @Override
    protected Var compute(Var ids, Pass pass) {
        Var e = embedding.forward(ids, pass);
        Var x = instead(e, entered(e, pass));
        if (pass.training()) {
            x = instead(x, x.dropout(dropout, Sites.embedding(pass)));
        }
        for (LayerNormBlock b : blocks) {
            x = instead(x, pass.recompute() ? b.recompute(x, pass) : b.forward(x, pass));
        }
        return x;
    }

    /** Gives up what nothing but backward may want: deep models would pile it up. */
    private static Var instead(Var before, Var now) {
        if (now != before) {
            Scope.current().letGo(before.value());
        }
        return now;
    }

    private Var entered(Var x, Pass pass) {
        return switch (entry) {
            case Positions(_, Embedding table) -> {
                check(pass.positions(), table.weight().shape().dim(0));
                yield x.add(table.forward(Var.of(pass.positions()), pass));
            }
            case Normed(_, LayerNorm n) -> n.forward(x, pass);
        };
    }

    /** A table of positions ends; what lies behind it was never learned. */
    private static void check(Tensor positions, int limit) {
        if (!positions.device().isHost()) {
            return;
        }
        for (long i = 0; i < positions.count(); i++) {
            if (positions.get(i) >= limit) {
                throw new RequestException(
                        String.format(
                                Locale.ROOT,
                                "positions: expected texts of at most %d tokens, for which this model has"
                                        + " learned positions, got one of %d or more; shorten the"
                                        + " text or ask for fewer new tokens",
                                limit,
                                (long) positions.get(i) + 1));
            }
        }
    }
}
