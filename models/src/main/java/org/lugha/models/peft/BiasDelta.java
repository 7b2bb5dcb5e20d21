package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** What training added to a layer's bias, {@code [out]}; 0 at first. */
public record BiasDelta(Parameter delta) implements Mergeable {
    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        return base.apply(x).bias(delta);
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return new LinkedHashMap<>(Map.of("bias_delta", delta));
    }

    @Override
    public boolean changes(String name) {
        return name.equals("bias");
    }

    @Override
    public void merge(Module host, String name, Tensor wide) {
        wide.device().kernels().elementwise().add(wide, delta.value(), Into.overwrite(wide));
    }
}
