package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.nn.Adapter;

/**
 * An adapter that can also say what its layer's weight has become: for the output layer, whose
 * weight goes into one op with the loss.
 */
public interface WeightAdapter extends Adapter {
    /** The adapted weight, with its gradient. */
    Var weight(Var weight);
}
