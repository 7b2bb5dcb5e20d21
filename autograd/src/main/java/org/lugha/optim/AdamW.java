package org.lugha.optim;

import java.util.ArrayList;
import java.util.List;
import org.lugha.autograd.Parameter;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;

/**
 * AdamW (Loshchilov and Hutter 2019); the formula is at {@link
 * org.lugha.runtime.spi.OptimizerKernel}. Decay applies to tensors of two and more axes: biases and
 * norms are left alone unless asked for. Owns its moments until closed.
 */
public final class AdamW implements AutoCloseable {
    private final List<Parameter> parameters;
    private final double beta1;
    private final double beta2;
    private final double eps;
    private final double weightDecay;
    private final boolean decayAll;
    private final List<Tensor> first = new ArrayList<>();
    private final List<Tensor> second = new ArrayList<>();
    private long step;

    public AdamW(
            List<Parameter> parameters,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean decayAll) {
        this.parameters = List.copyOf(parameters);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.eps = eps;
        this.weightDecay = weightDecay;
        this.decayAll = decayAll;
        for (Parameter p : this.parameters) {
            first.add(moment(p));
            second.add(moment(p));
        }
    }

    /** Updates made so far. */
    public long step() {
        return step;
    }

    /**
     * One update of every parameter that has a gradient.
     *
     * @param gradientScale gradients are multiplied by this first: {@link GradientNorm#clip}
     */
    public void update(double lr, double gradientScale) {
        step++;
        for (int i = 0; i < parameters.size(); i++) {
            Parameter p = parameters.get(i);
            if (p.hasGradient()) {
                double decay = decayAll || p.shape().rank() > 1 ? weightDecay : 0;
                var how = new AdamStep(lr, beta1, beta2, eps, decay, step, gradientScale);
                p.value()
                        .device()
                        .kernels()
                        .optimizer()
                        .adamW(
                                how,
                                p.gradient(),
                                Into.add(p.value()),
                                Into.add(first.get(i)),
                                Into.add(second.get(i)));
            }
        }
    }

    @Override
    public void close() {
        first.forEach(t -> t.storage().release("closing the optimizer"));
        second.forEach(t -> t.storage().release("closing the optimizer"));
        first.clear();
        second.clear();
    }

    private static Tensor moment(Parameter p) {
        try (var _ = Scope.open("AdamW")) {
            Tensor v = p.value();
            Tensor t = Tensor.zeros(v.device(), v.dtype(), v.shape());
            t.storage().retain();
            return t;
        }
    }
}
