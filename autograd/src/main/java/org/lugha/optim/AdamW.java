package org.lugha.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.lugha.autograd.Parameter;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AdamStep;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), as PyTorch computes it; the
 * formula is at {@link org.lugha.runtime.spi.OptimizerKernel}. Moments are F32, F64 for F64
 * parameters; a BF16 or F16 parameter has an F32 master copy here, from which it is rounded.
 *
 * <p>{@link #eightBits} keeps a byte a moment of large F32 weights instead (Dettmers et al. 2022),
 * as bitsandbytes does: two bytes an element in place of eight.
 */
public final class AdamW implements Optimizer {
    private final List<Parameter> parameters;
    private final double beta1;
    private final double beta2;
    private final double eps;
    private final double weightDecay;
    private final boolean decayAll;
    private final List<Moments> moments = new ArrayList<>();
    private ToDoubleFunction<Parameter> rates = _ -> 1;
    private long step;

    /**
     * For these, in this order of state.
     *
     * @param weightDecay of tensors of two axes and more, which leaves out biases and norms and
     *     takes in LoRA's matrices
     * @param decayAll biases and norms decay too
     */
    public AdamW(
            List<Parameter> parameters,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean decayAll) {
        this(parameters, beta1, beta2, eps, weightDecay, decayAll, false);
    }

    /** With moments of one byte where a weight is F32 and has 4096 elements or more. */
    public static AdamW eightBits(
            List<Parameter> parameters,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean decayAll) {
        return new AdamW(parameters, beta1, beta2, eps, weightDecay, decayAll, true);
    }

    private AdamW(
            List<Parameter> parameters,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            boolean decayAll,
            boolean eightBits) {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1)
                || !(eps >= 0 && weightDecay >= 0)) {
            throw new IllegalArgumentException(
                    "AdamW: needs betas in [0, 1), eps and weight decay of at least 0, got betas "
                            + beta1
                            + " and "
                            + beta2
                            + ", eps "
                            + eps
                            + ", weight decay "
                            + weightDecay);
        }
        this.parameters = List.copyOf(parameters);
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.eps = eps;
        this.weightDecay = weightDecay;
        this.decayAll = decayAll;
        try {
            this.parameters.forEach(p -> moments.add(new Moments(p, eightBits)));
        } catch (RuntimeException | Error e) {
            moments.forEach(Moments::close);
            throw e;
        }
    }

    /** With betas 0.9 and 0.999, eps 1e-8 and no decay. */
    public AdamW(List<Parameter> parameters) {
        this(parameters, 0.9, 0.999, 1e-8, 0, false);
    }

    @Override
    public List<Parameter> parameters() {
        return parameters;
    }

    @Override
    public long step() {
        return step;
    }

    /** Gives parameters learning rates of their own, as factors of the one of each step. */
    public AdamW rates(ToDoubleFunction<Parameter> factors) {
        rates = factors;
        return this;
    }

    @Override
    public void update(double lr, double gradientScale) {
        if (moments.size() < parameters.size()) {
            throw new IllegalStateException(
                    "AdamW: is closed; make a new one and restore its state");
        }
        step++;
        for (Moments m : moments) {
            Parameter p = m.parameter();
            if (p.hasGradient()) {
                double decay = decayAll || p.shape().rank() > 1 ? weightDecay : 0;
                double own = lr * rates.applyAsDouble(p);
                m.update(new AdamStep(own, beta1, beta2, eps, decay, step, gradientScale));
                p.clearGradient();
            }
        }
    }

    /**
     * {@code NAME.exp_avg}, {@code NAME.exp_avg_sq}, {@code NAME.master} where there is one, and
     * {@code NAME.steps} of each index where a parameter is trained in parts.
     */
    @Override
    public SequencedMap<String, Tensor> state() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        for (Moments m : moments) {
            m.state()
                    .forEach((role, t) -> {
                        if (all.put(m.parameter().name() + "." + role, t) != null) {
                            throw new IllegalStateException(
                                    "optimizer state: two parameters are named "
                                            + m.parameter().name());
                        }
                    });
        }
        return all;
    }

    @Override
    public void restore(long step, Map<String, Tensor> state) {
        SequencedMap<String, Tensor> own = state();
        TreeSet<String> wrong = new TreeSet<>();
        own.forEach((name, t) -> {
            Tensor from = state.get(name);
            if (from == null) {
                wrong.add(name + " is missing");
            } else if (!from.shape().equals(t.shape())) {
                wrong.add(name + " should be " + t.shape() + " and is " + from.shape());
            }
        });
        state.keySet().stream()
                .filter(name -> !own.containsKey(name))
                .forEach(name -> wrong.add(name + " is not known"));
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(
                    "optimizer state: does not fit these parameters: " + String.join(", ", wrong));
        }
        own.forEach((name, t) -> Moments.copy(state.get(name), t));
        this.step = step;
    }

    @Override
    public void close() {
        moments.forEach(Moments::close);
        moments.clear();
    }
}
