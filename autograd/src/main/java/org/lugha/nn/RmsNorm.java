package org.lugha.nn;

import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.runtime.Shape;

/**
 * {@code y = x / sqrt(mean(x^2) + eps) (offset + weight)} over the last axis: x {@code [.., D]},
 * {@code weight [D]}, first {@code 1 - offset}, which is 0 or 1.
 */
public final class RmsNorm extends Module {
    private final org.lugha.autograd.op.RmsNorm op;
    private final Parameter weight;

    public RmsNorm(int dim, double eps) {
        this(dim, 0, eps);
    }

    /** Offset 1: weights are kept as what they differ from 1 by, as Gemma's are. */
    public RmsNorm(int dim, double offset, double eps) {
        op = new org.lugha.autograd.op.RmsNorm(offset, eps);
        weight = parameter("weight", Shape.of(dim), offset == 0 ? Init.ones() : Init.zeros());
    }

    public Parameter weight() {
        return weight;
    }

    /** The same with another weight, {@code [D]}. */
    public Var with(Var otherWeight, Var x) {
        return op.apply(x, otherWeight);
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        return op.apply(x, weight);
    }
}
