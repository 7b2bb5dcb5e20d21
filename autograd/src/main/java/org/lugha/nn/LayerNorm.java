package org.lugha.nn;

import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.runtime.Shape;

/**
 * {@code y = (x - mean(x)) / sqrt(var(x) + eps) weight + bias} over the last axis: x {@code [..,
 * D]}, {@code weight [D]}, first 1, {@code bias [D]}, first 0, which may be left out.
 */
public final class LayerNorm extends Module {
    private final org.lugha.autograd.op.LayerNorm op;
    private final Parameter weight;
    private final Parameter bias;

    public LayerNorm(int dim, double eps) {
        this(dim, eps, true);
    }

    public LayerNorm(int dim, double eps, boolean hasBias) {
        op = new org.lugha.autograd.op.LayerNorm(eps);
        weight = parameter("weight", Shape.of(dim), Init.ones());
        bias = hasBias ? parameter("bias", Shape.of(dim), Init.zeros()) : null;
    }

    public Parameter weight() {
        return weight;
    }

    /** Null where there is none. */
    public Parameter bias() {
        return bias;
    }

    /** The same with another weight and bias, {@code [D]}; the bias may be null. */
    public Var with(Var otherWeight, Var otherBias, Var x) {
        return otherBias == null ? op.apply(x, otherWeight) : op.apply(x, otherWeight, otherBias);
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        return with(weight, bias, x);
    }
}
