package org.lugha.nn;

import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.runtime.Shape;

/**
 * {@code y[.., :] = weight[ids[..], :]}: {@code weight [V,D]}; the input is the ids, {@code
 * Var.of(t)} of an I32 tensor of any shape. First values: normal with deviation 0.02.
 */
public final class Embedding extends Module {
    private final Parameter weight;

    public Embedding(int rows, int dim) {
        this(rows, dim, Init.normal(0.02));
    }

    /** With other first values. */
    public Embedding(int rows, int dim, Init init) {
        weight = parameter("weight", Shape.of(rows, dim), init);
    }

    /** The table, which a tied output layer shares. */
    public Parameter weight() {
        return weight;
    }

    @Override
    protected Var compute(Var ids, Pass pass) {
        return new org.lugha.autograd.op.Embedding().apply(weight, ids);
    }
}
