package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Distillation (Hinton et al. 2015): student's logits z {@code [.., V]} and teacher's t of the same
 * shape, {@code loss = scale T^2 sum_n KL(p_n || q_n)} with {@code p = softmax(t / T), q =
 * softmax(z / T)} and {@code KL(p || q) = sum_v p (log p - log q)}. {@code dz = scale dy T (q - p),
 * dt = scale dy T p (log p - log q - KL)}. The factor T^2 keeps gradients of one size whatever the
 * temperature. Equal logits give 0 and gradients of 0.
 *
 * <p>Gradients are finished in the forward pass; that of the student's logits then takes no further
 * memory.
 *
 * @param scale 1 / (rows of the whole step), so that micro-batches add up
 * @param temperature T, above 0
 */
public record KlDivergence(double scale, double temperature) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor z = in[0];
        Tensor t = in[1];
        Check.that(
                z.shape().rank() > 0 && z.shape().equals(t.shape()) && z.shape().last() > 0,
                this,
                "needs logits of the student and of the teacher [N,V]",
                z,
                t);
        Check.that(
                temperature > 0 && temperature < Double.POSITIVE_INFINITY,
                this,
                "needs a temperature above 0",
                z);
        Tensor kl = RowStatistic.of(z);
        Into dz = ctx.needs(0) ? Into.overwrite(ctx.saveExact(z.emptyLike())) : null;
        Into dt = ctx.needs(1) ? Into.overwrite(ctx.saveExact(t.emptyLike())) : null;
        ctx.kernels().loss().divergence(z, t, temperature, Into.overwrite(kl), dz, dt);
        return ScaledSum.of(ctx, scale * temperature * temperature, kl);
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        double factor = scale * temperature * temperature * dy.item();
        for (int i = 0, next = 0; i < 2; i++) {
            if (ctx.needs(i)) {
                Tensor finished = ctx.saved(next++);
                ctx.kernels().elementwise().scale(factor, finished, Into.overwrite(finished));
                ctx.give(i, finished);
            }
        }
    }
}
