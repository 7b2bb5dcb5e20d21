package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * (IA)^3's factors of one linear layer: of its output, l {@code [out, 1]}, or of its input, l
 * {@code [1, in]}.
 */
public record Ia3Layer(Parameter l, boolean isFeedforward) implements Mergeable {
    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        return isFeedforward ? base.apply(scaled(x)) : scaled(base.apply(x));
    }

    private Var scaled(Var x) {
        return x.gain(l.view(x.shape().last()));
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return new LinkedHashMap<>(Map.of("ia3_l", l));
    }

    @Override
    public boolean changes(String name) {
        return name.equals("weight") || (name.equals("bias") && !isFeedforward);
    }

    /** {@code W = diag(l) W}, bias too, or {@code W = W diag(l)}. */
    @Override
    public void merge(Module host, String name, Tensor wide) {
        int n = (int) l.shape().count();
        boolean columns = isFeedforward != ((Linear) host).isInOut();
        Shape along = columns ? Shape.of(1, n) : Shape.of(n, 1);
        Tensor factors =
                l.value().view(name.equals("bias") ? Shape.of(n) : along).expand(wide.shape());
        wide.device().kernels().elementwise().mul(wide, factors.contiguous(), Into.overwrite(wide));
    }
}
