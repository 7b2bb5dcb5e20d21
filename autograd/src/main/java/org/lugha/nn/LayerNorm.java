package org.lugha.nn;

import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.runtime.Shape;

/**
 * {@code y = (x - mean(x)) / sqrt(var(x) + eps) weight + bias} over the last axis: x {@code [..,
 * D]}, {@code weight [D]}, first 1, {@code bias [D]}, first 0.
 */
public final class LayerNorm extends Module {
    private final org.lugha.autograd.op.LayerNorm op;
    private final Parameter weight;
    private final Parameter bias;

    public LayerNorm(int dim, double eps) {
        op = new org.lugha.autograd.op.LayerNorm(eps);
        weight = parameter("weight", Shape.of(dim), Init.ones());
        bias = parameter("bias", Shape.of(dim), Init.zeros());
    }

    public Parameter weight() {
        return weight;
    }

    public Parameter bias() {
        return bias;
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        return op.apply(x, weight, bias);
    }
}
