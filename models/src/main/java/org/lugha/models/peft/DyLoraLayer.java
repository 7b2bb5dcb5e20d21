package org.lugha.models.peft;

import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.TrainedPart;
import org.lugha.autograd.Var;
import org.lugha.autograd.op.LowRank;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** {@link DyLora}'s correction of one linear layer: A {@code [r, in]}, B {@code [out, r]}. */
public final class DyLoraLayer implements Mergeable {
    private final LoraLayer whole;
    private final boolean rankStabilised;
    private final boolean frozen;
    private final int max;
    private int training;
    private int answering;

    /** Of a LoRA with the scale that it has at its full rank. */
    DyLoraLayer(LoraLayer whole, boolean rankStabilised, boolean frozen) {
        this.whole = whole;
        this.rankStabilised = rankStabilised;
        this.frozen = frozen;
        this.max = whole.a().shape().dim(0);
        this.answering = max;
        train(max);
    }

    private void train(int rank) {
        training = rank;
        whole.a().train(new TrainedPart(0, first(rank), rank));
        whole.b().train(new TrainedPart(1, first(rank), rank));
    }

    private int first(int rank) {
        return frozen ? rank - 1 : 0;
    }

    /** Draws the step's rank; where nothing is computed, a plan, it stays the largest. */
    @Override
    public void begin(long seed, long step) {
        if (whole.a().value().device().computes()) {
            train(DyLora.drawn(seed, step, max));
        }
    }

    void use(int rank) {
        answering = rank;
    }

    /** {@code s_b}. */
    private double scale(int rank) {
        double more = (double) max / rank;
        return whole.scale() * (rankStabilised ? Math.sqrt(more) : more);
    }

    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        int rank = pass.training() ? training : answering;
        int from = pass.training() ? first(rank) : 0;
        Var y = base.apply(x);
        return new LowRank(scale(rank), from, rank)
                .apply(y, whole.dropped(x, pass), whole.a(), whole.b());
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return whole.parameters();
    }

    /** {@code W += s_b B[:, :b] A[:b]} for the b that it answers with. */
    @Override
    public void merge(Module host, String name, Tensor wide) {
        boolean inOut = ((Linear) host).isInOut();
        Tensor a = whole.a().value().slice(0, 0, answering);
        Tensor b = whole.b().value().slice(1, 0, answering);
        wide.device()
                .kernels()
                .matmul()
                .gemm(inOut, inOut, scale(answering), inOut ? a : b, inOut ? b : a, Into.add(wide));
    }
}
