package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.spi.Unary;

/** Feed-forward without a gate: {@code down(f(up(x)))}, named as the family names its halves. */
public final class Mlp extends Module {
    private final Unary activation;
    private final Linear up;
    private final Linear down;

    public Mlp(String upName, Linear up, Unary activation, String downName, Linear down) {
        this.activation = activation;
        this.up = child(upName, up);
        this.down = child(downName, down);
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        return down.forward(up.forward(x, pass).activation(activation), pass);
    }
}
