package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.nn.LayerNorm;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * A layer's bias, trained while its weight stays: a copy takes its place.
 *
 * @param host a {@link Linear} or {@link LayerNorm}
 * @param key in the file: {@code bias}, or {@code base_layer.bias} where the layer has LoRA too
 */
public record BiasCopy(Module host, Parameter bias, String key) implements Mergeable {
    /** The bias of a layer; null where it has none. */
    static Parameter of(Module m) {
        return switch (m) {
            case Linear l -> l.bias();
            case LayerNorm n -> n.bias();
            default -> null;
        };
    }

    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        return switch (host) {
            case Linear l -> l.with(bias, x);
            case LayerNorm n -> n.with(n.weight(), bias, x);
            default -> throw new IllegalStateException("no bias in " + host);
        };
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        all.put(key, bias);
        return all;
    }

    @Override
    public boolean changes(String name) {
        return name.equals("bias");
    }

    @Override
    public void merge(Module layer, String name, Tensor wide) {
        wide.device().kernels().elementwise().scale(1, bias.value(), Into.overwrite(wide));
    }
}
