package org.lugha.models.adapters;

import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.nn.Adapter;
import org.lugha.nn.Pass;

/**
 * One side of MAD-X's invertible layers (Pfeiffer et al. 2020): what the input embedding gives
 * passes through the coupling, what the last norm gives through its inverse before it meets the
 * output embedding.
 */
public record Invertible(Coupling coupling, boolean isInverse) implements Adapter {
    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        Var y = base.apply(x);
        return isInverse ? coupling.inverse(y) : coupling.of(y);
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return coupling.parameters();
    }
}
