package org.lugha.models.adapters;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;

/**
 * Additive coupling (Dinh et al. 2014, NICE), which has an inverse whatever F and G are: the first
 * half of the last axis gains {@code F(second)}, then the second gains {@code G(first)}.
 */
public record Coupling(TwoLayers f, TwoLayers g) {
    /** {@code y1 = x1 + F(x2); y2 = x2 + G(y1)}. */
    public Var of(Var x) {
        Var second = half(x, false);
        Var first = half(x, true).add(f.of(second));
        return joined(first, second.add(g.of(first)));
    }

    /** {@code x2 = y2 - G(y1); x1 = y1 - F(x2)}. */
    public Var inverse(Var y) {
        Var first = half(y, true);
        Var second = half(y, false).sub(g.of(first));
        return joined(first.sub(f.of(second)), second);
    }

    private static Var half(Var x, boolean first) {
        int axis = x.shape().rank() - 1;
        int width = x.shape().last();
        return x.slice(axis, first ? 0 : width / 2, first ? width / 2 : width);
    }

    private static Var joined(Var first, Var second) {
        return Var.concat(first.shape().rank() - 1, first, second);
    }

    /** By the names that AdapterHub's library has for them. */
    public SequencedMap<String, Parameter> parameters() {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        all.putAll(f.named("invertible.F.0", "invertible.F.2"));
        all.putAll(g.named("invertible.G.0", "invertible.G.2"));
        return all;
    }
}
