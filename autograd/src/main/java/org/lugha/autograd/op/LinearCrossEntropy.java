package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Output layer and cross-entropy in one: {@code loss = scale sum_n (lse_n - z[n, label_n])}, {@code
 * z = h W^T}: h {@code [N,D]} (the counted rows only), W {@code [V,D]}, labels I32 {@code [N]}. No
 * {@code [N,V]} matrix exists. With {@code p = softmax(z)}: {@code dh = scale dy (p - onehot) W},
 * {@code dW = scale dy (p - onehot)^T h}.
 *
 * <p>A soft cap bends the logits to {@code z = cap tanh(h W^T / cap)} (Gemma 2), and what comes
 * back to them is multiplied by {@code 1 - (z / cap)^2}.
 *
 * @param scale 1 / (counted tokens of the whole step), so that micro-batches add up
 * @param softCap 0 for none
 */
public record LinearCrossEntropy(double scale, double softCap) implements Op {
    /** Without a soft cap. */
    public LinearCrossEntropy(double scale) {
        this(scale, 0);
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
        Check.ids(this, labels, w.dim(0), "words of the output layer " + w);
        Tensor nll = Tensor.empty(h.device(), h.dtype(), labels.shape());
        Tensor lse = nll.emptyLike();
        Tensor dh = ctx.needs(0) ? h.emptyLike() : null;
        ctx.kernels()
                .loss()
                .forward(
                        h,
                        w,
                        labels,
                        softCap,
                        Into.overwrite(nll),
                        Into.overwrite(lse),
                        dh == null ? null : Into.overwrite(dh));
        Tensor total = Tensor.empty(h.device(), h.dtype(), Shape.of());
        Tensor loss = total.emptyLike();
        ctx.kernels().reduce().sum(nll, Into.overwrite(total));
        ctx.kernels().elementwise().scale(scale, total, Into.overwrite(loss));
        if (dh != null) {
            ctx.saveExact(dh); // finished in the same pass over W; backward only scales it
        }
        if (ctx.needs(1)) {
            ctx.keepExact(0, 1, 2); // the logits are made again and exponentiated
            ctx.saveExact(lse);
        }
        return loss;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        double factor = scale * dy.item();
        if (ctx.needs(0)) {
            ctx.kernels().elementwise().scale(factor, ctx.saved(0), ctx.grad(0));
        }
        if (ctx.needs(1)) {
            ctx.kernels()
                    .loss()
                    .weightGradient(
                            ctx.input(0),
                            ctx.input(1),
                            ctx.input(2),
                            softCap,
                            ctx.saved(ctx.needs(0) ? 1 : 0),
                            factor,
                            ctx.grad(1));
        }
    }
}
