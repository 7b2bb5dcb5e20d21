package org.lugha.nn;

import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.runtime.Shape;

/**
 * {@code y = x / sqrt(mean(x^2) + eps) weight} over the last axis: x {@code [.., D]}, {@code weight
 * [D]}, first 1.
 */
public final class RmsNorm extends Module {
    private final org.lugha.autograd.op.RmsNorm op;
    private final Parameter weight;

    public RmsNorm(int dim, double eps) {
        op = new org.lugha.autograd.op.RmsNorm(eps);
        weight = parameter("weight", Shape.of(dim), Init.ones());
    }

    public Parameter weight() {
        return weight;
    }

    public double eps() {
        return op.eps();
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        return op.apply(x, weight);
    }
}
