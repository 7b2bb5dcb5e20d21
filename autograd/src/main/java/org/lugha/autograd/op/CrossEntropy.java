package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Cross-entropy of logits z {@code [N,V]} against labels I32 {@code [N]}: {@code loss = scale sum_n
 * (lse_n - (1 - smoothing) z[n, label_n] - smoothing mean_v z[n, v])}, {@code lse = log sum_v exp
 * z}. Rows whose label is below 0 do not count. With {@code p = softmax(z)}: {@code dz = scale dy
 * (p - (1 - smoothing) onehot - smoothing / V)}. Nothing of the size of z is made but its gradient;
 * where logits come from an output layer, {@link LinearCrossEntropy} needs not even them.
 *
 * @param scale 1 / (counted rows of the whole step), so that micro-batches add up
 * @param smoothing how much of the label's weight all words share (Szegedy et al. 2016), 0 for none
 */
public record CrossEntropy(double scale, double smoothing) implements Op {
    @Override
    public boolean isIndex(int input) {
        return input == 1;
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor z = in[0];
        Tensor labels = in[1];
        Check.that(
                z.shape().rank() == 2 && labels.count() == z.dim(0),
                this,
                "needs logits [N,V], labels [N]",
                z,
                labels);
        Check.that(smoothing >= 0 && smoothing <= 1, this, "needs a smoothing in [0, 1]", z);
        Check.labels(this, labels, z.dim(1), "words of the logits " + z);
        Tensor nll = Tensor.empty(z.device(), z.dtype(), labels.shape());
        Tensor lse = nll.emptyLike();
        ctx.kernels().loss().logits(z, labels, smoothing, Into.overwrite(nll), Into.overwrite(lse));
        Tensor total = Tensor.empty(z.device(), z.dtype(), Shape.of());
        Tensor loss = total.emptyLike();
        ctx.kernels().reduce().sum(nll, Into.overwrite(total));
        ctx.kernels().elementwise().scale(scale, total, Into.overwrite(loss));
        ctx.keepExact(0, 1); // exp(z - lse) would make a rounding error of z a relative one
        ctx.saveExact(lse);
        return loss;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels()
                .loss()
                .logitsGradient(
                        ctx.input(0),
                        ctx.input(1),
                        smoothing,
                        ctx.saved(0),
                        scale * dy.item(),
                        ctx.grad(0));
    }
}
