package org.lugha.models.adapters;

import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.models.layers.ResidualAdapter;
import org.lugha.nn.Pass;

/**
 * A bottleneck adapter: {@code y = o + drop(s (U f(D x + a) + b))} with o what its layer gives and
 * x what {@link Reads} says, {@code [B,T,hidden]}. Defined as AdapterHub's library does for blocks
 * whose norms come before their layers.
 *
 * @param site a number of its own, so that no two drop alike
 */
public record Bottleneck(TwoLayers layers, Reads reads, double scale, double dropout, long site)
        implements ResidualAdapter {

    /** What an adapter computes its correction from. */
    public enum Reads {
        /** The layer's output (Houlsby et al. 2019). */
        OUTPUT,
        /** The residual with the layer's output (Pfeiffer et al. 2021). */
        SUM,
        /** The residual without it: parallel to the layer (He et al. 2022). */
        RESIDUAL
    }

    @Override
    public Var output(Var residual, Var output, Pass pass) {
        Var x =
                switch (reads) {
                    case OUTPUT -> output;
                    case SUM -> residual.add(output);
                    case RESIDUAL -> residual;
                };
        Var y = layers.of(x);
        Var scaled = scale == 1 ? y : y.scale(scale);
        boolean drops = dropout > 0 && pass.training();
        return output.add(drops ? scaled.dropout(dropout, pass.seedOf(site)) : scaled);
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return layers.named("adapter_down", "adapter_up");
    }
}
