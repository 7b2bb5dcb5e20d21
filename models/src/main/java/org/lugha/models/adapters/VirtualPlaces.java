package org.lugha.models.adapters;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.models.layers.VirtualTokens;
import org.lugha.nn.Pass;

/** Places of which only the attention layers' {@link LayerPrefix} says what is there. */
public record VirtualPlaces(int count) implements VirtualTokens {
    @Override
    public boolean predicts() {
        return false;
    }

    @Override
    public Var apply(Var ids, UnaryOperator<Var> base, Pass pass) {
        return base.apply(ids);
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return new LinkedHashMap<>();
    }
}
