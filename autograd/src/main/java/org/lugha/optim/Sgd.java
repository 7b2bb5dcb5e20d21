package org.lugha.optim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** Plain gradient descent: {@code p -= lr gradientScale g}. Remembers nothing but its steps. */
public final class Sgd implements Optimizer {
    private final List<Parameter> parameters;
    private long step;

    public Sgd(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
    }

    @Override
    public List<Parameter> parameters() {
        return parameters;
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public void update(double lr, double gradientScale) {
        step++;
        for (Parameter p : parameters) {
            if (p.hasGradient()) {
                Tensor value = p.value();
                value.device()
                        .kernels()
                        .elementwise()
                        .scale(-lr * gradientScale, p.gradient(), Into.add(value));
                p.clearGradient();
            }
        }
    }

    /** Empty. */
    @Override
    public SequencedMap<String, Tensor> state() {
        return Collections.unmodifiableSequencedMap(new LinkedHashMap<>());
    }

    @Override
    public void restore(long step, Map<String, Tensor> state) {
        if (!state.isEmpty()) {
            throw new IllegalArgumentException(
                    "optimizer state: Sgd has none, got " + state.keySet());
        }
        this.step = step;
    }

    @Override
    public void close() {}
}
