package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.nn.Init;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.spi.Unary;

/** Gated feed-forward: {@code down(f(gate(x)) up(x))} (Shazeer 2020), SwiGLU with SILU. */
public final class GatedMlp extends Module {
    private final Unary activation;
    private final Linear gate;
    private final Linear up;
    private final Linear down;

    public GatedMlp(int hidden, int inner, boolean bias, Unary activation, double initRange) {
        this.activation = activation;
        Init init = Init.normal(initRange);
        gate = child("gate_proj", new Linear(hidden, inner, bias, init));
        up = child("up_proj", new Linear(hidden, inner, bias, init));
        down = child("down_proj", new Linear(inner, hidden, bias, init));
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        Var g = gate.forward(x, pass);
        return down.forward(g.gate(activation, up.forward(x, pass)), pass);
    }
}
