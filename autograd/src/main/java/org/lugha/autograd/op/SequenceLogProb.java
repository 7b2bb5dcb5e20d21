package org.lugha.autograd.op;

import java.util.Arrays;
import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * How likely whole sequences are, straight from what the output layer reads: h {@code [N,D]} (the
 * counted rows only, one sequence after the other), W {@code [V,D]}, labels I32 {@code [N]}; {@code
 * y_s = sum_n (z[n, label_n] - lse_n)} over the rows n of sequence s, {@code z = h W^T}. No {@code
 * [N,V]} matrix exists. With {@code p = softmax(z)} and s(n) the sequence of row n: {@code dh_n =
 * dy_s(n) (onehot - p)_n W, dW = sum_n dy_s(n) (onehot - p)_n^T h_n}.
 *
 * <p>The gradient of W passes over W once a sequence.
 *
 * @param ends one past the last row of each sequence, so the last is N; a sequence without rows
 *     gives 0
 * @param softCap bends logits as in {@link LinearCrossEntropy}; 0 for none
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content: see equals
public record SequenceLogProb(int[] ends, double softCap) implements Op {
    /** Without a soft cap. */
    public SequenceLogProb(int... ends) {
        this(ends, 0);
    }

    @Override
    public boolean isIndex(int input) {
        return input == 2;
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor h = in[0];
        Tensor w = in[1];
        Tensor labels = in[2];
        Check.that(
                h.shape().rank() == 2
                        && w.shape().rank() == 2
                        && h.dim(1) == w.dim(1)
                        && labels.count() == h.dim(0),
                this,
                "needs h [N,D], weight [V,D], labels [N]",
                h,
                w,
                labels);
        Check.that(softCap >= 0, this, "needs a cap above 0, or 0 for none", h);
        Check.that(isPartition(h.dim(0)), this, "needs ends that rise up to the rows of h", h);
        Check.ids(this, labels, w.dim(0), "words of the output layer " + w);
        Tensor nll = RowStatistic.of(h);
        Tensor lse = nll.emptyLike();
        Into dh = ctx.needs(0) ? Into.overwrite(ctx.saveExact(h.emptyLike())) : null;
        Into toLse = Into.overwrite(lse);
        ctx.kernels().loss().forward(h, w, labels, softCap, Into.overwrite(nll), toLse, dh);
        if (ctx.needs(1)) {
            ctx.keepExact(0, 1, 2); // the logits are made again and exponentiated
            ctx.saveExact(lse);
        }
        Tensor y = Tensor.empty(h.device(), nll.dtype(), Shape.of(ends.length));
        for (int s = 0; s < ends.length; s++) {
            ctx.kernels().reduce().sum(part(nll, s), Into.overwrite(y.slice(0, s, s + 1)));
        }
        ctx.kernels().elementwise().scale(-1, y, Into.overwrite(y));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        double[] factors = dy.toArray();
        if (ctx.needs(0)) {
            Into dh = ctx.grad(0);
            for (int s = 0; s < ends.length; s++) {
                Into to = new Into(part(dh.tensor(), s), dh.beta());
                ctx.kernels().elementwise().scale(-factors[s], part(ctx.saved(0), s), to);
            }
        }
        if (ctx.needs(1)) {
            Tensor lse = ctx.saved(ctx.needs(0) ? 1 : 0);
            Into dw = ctx.grad(1);
            for (int s = 0; s < ends.length; s++) {
                ctx.kernels()
                        .loss()
                        .weightGradient(
                                part(ctx.input(0), s),
                                ctx.input(1),
                                part(ctx.input(2), s),
                                softCap,
                                part(lse, s),
                                -factors[s],
                                s == 0 ? dw : dw.more());
            }
        }
    }

    /** The rows of one sequence. */
    private Tensor part(Tensor t, int s) {
        Tensor rows = t.shape().rank() == 2 ? t : t.view(Math.toIntExact(t.count()));
        return rows.slice(0, s == 0 ? 0 : ends[s - 1], ends[s]);
    }

    private boolean isPartition(int rows) {
        int from = 0;
        for (int end : ends) {
            if (end < from) {
                return false;
            }
            from = end;
        }
        return ends.length > 0 && from == rows;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof SequenceLogProb(int[] e, double c)
                && Arrays.equals(e, ends)
                && Double.compare(c, softCap) == 0;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ends) + Double.hashCode(softCap);
    }

    @Override
    public String toString() {
        return "SequenceLogProb[ends=" + Arrays.toString(ends) + ", softCap=" + softCap + "]";
    }
}
