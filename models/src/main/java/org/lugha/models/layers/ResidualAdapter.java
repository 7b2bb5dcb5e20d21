package org.lugha.models.layers;

import java.util.function.UnaryOperator;
import org.lugha.autograd.Var;
import org.lugha.nn.Adapter;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;

/**
 * An adapter of a block's attention or feed-forward layer that works where the layer's output joins
 * the residual, and may see both.
 */
public interface ResidualAdapter extends Adapter {
    /**
     * What joins the residual instead.
     *
     * @param residual what the block adds the layer's output to
     * @param output the layer's, behind norms and dropout of its own and adapters attached before
     */
    Var output(Var residual, Var output, Pass pass);

    /** The layer itself computes as ever. */
    @Override
    default Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        return base.apply(x);
    }

    /** {@code residual + output}, the output changed by the adapters of its layer. */
    static Var join(Module layer, Var residual, Var output, Pass pass) {
        Var y = output;
        for (Adapter a : layer.adapters()) {
            if (a instanceof ResidualAdapter r) {
                y = r.output(residual, y, pass);
            }
        }
        return residual.add(y);
    }
}
