package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.ElementwiseKernel;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Unary;

/**
 * Direct preference optimisation (Rafailov et al. 2023) from log-probabilities of answers, each
 * {@code [N]}: the policy's of the chosen (c) and the rejected (r) ones, then the reference model's
 * (c', r'). With {@code u = beta ((c - c') - (r - r'))}: {@code loss = scale sum_n (1 - smoothing)
 * softplus(-u) + smoothing softplus(u)}, where {@code softplus(-u) = -log sigma(u)}. {@code dc =
 * scale dy beta (smoothing sigma(u) - (1 - smoothing) sigma(-u))}, {@code dr = -dc, dc' = -dc, dr'
 * = dc}. Log-probabilities are {@link SequenceLogProb}'s.
 *
 * @param scale 1 / (pairs of the whole step), so that micro-batches add up
 * @param beta how far the policy may leave the reference: the smaller the further
 * @param smoothing how many of the preferences may be the wrong way round, in [0, 1]; 0 for none
 *     (Mitchell 2023, conservative DPO)
 */
public record PreferenceLoss(double scale, double beta, double smoothing) implements Op {
    /** Of c, r, c', r' in u. */
    private static final int[] SIGNS = {1, -1, -1, 1};

    /** Without smoothing. */
    public PreferenceLoss(double scale, double beta) {
        this(scale, beta, 0);
    }

    /** Inputs: policy's chosen, policy's rejected, reference's chosen, reference's rejected. */
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Shape shape = in[0].shape();
        for (Tensor t : in) {
            Check.that(
                    in.length == 4 && shape.rank() == 1 && t.shape().equals(shape),
                    this,
                    "needs log-probabilities [N] of chosen and rejected answers, by the policy and"
                            + " by the reference",
                    in);
        }
        Check.that(smoothing >= 0 && smoothing <= 1, this, "needs a smoothing in [0, 1]", in);
        var elementwise = ctx.kernels().elementwise();
        Tensor minus = Tensor.empty(in[0].device(), in[0].dtype().wide(), shape); // -u
        for (int i = 0; i < 4; i++) {
            elementwise.scale(-SIGNS[i] * beta, in[i], new Into(minus, i == 0 ? 0 : 1));
        }
        Tensor each = minus.emptyLike();
        elementwise.unary(Unary.SOFTPLUS, minus, Into.overwrite(each));
        elementwise.scale(1 - smoothing, each, Into.overwrite(each));
        if (smoothing > 0) {
            elementwise.scale(
                    smoothing, flipped(elementwise, Unary.SOFTPLUS, minus), Into.add(each));
        }
        ctx.saveExact(minus);
        return ScaledSum.of(ctx, scale, each);
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        Tensor minus = ctx.saved(0);
        var elementwise = ctx.kernels().elementwise();
        Tensor slope = minus.emptyLike();
        elementwise.unary(Unary.SIGMOID, minus, Into.overwrite(slope));
        elementwise.scale(smoothing - 1, slope, Into.overwrite(slope));
        if (smoothing > 0) {
            elementwise.scale(
                    smoothing, flipped(elementwise, Unary.SIGMOID, minus), Into.add(slope));
        }
        double factor = scale * beta * dy.item();
        for (int i = 0; i < 4; i++) {
            if (ctx.needs(i)) {
                elementwise.scale(SIGNS[i] * factor, slope, ctx.grad(i));
            }
        }
    }

    /** {@code f(-x)}. */
    private static Tensor flipped(ElementwiseKernel elementwise, Unary f, Tensor x) {
        Tensor y = x.emptyLike();
        elementwise.scale(-1, x, Into.overwrite(y));
        elementwise.unary(f, y, Into.overwrite(y));
        return y;
    }
}
