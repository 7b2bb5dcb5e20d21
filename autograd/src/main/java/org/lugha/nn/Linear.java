package org.lugha.nn;

import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.runtime.Shape;

/**
 * {@code y = x W^T + b}: x {@code [.., in]}, {@code weight [out, in]}, {@code bias [out]} where
 * asked for. As {@link #inOut} the weight lies {@code [in, out]}, the way GPT-2's Conv1D stores it.
 * First values: normal with deviation 0.02, bias 0, as Hugging Face's decoders start.
 */
public final class Linear extends Module {
    private final org.lugha.autograd.op.Linear op;
    private final Parameter weight;
    private final Parameter bias;

    public Linear(int in, int out, boolean bias) {
        this(in, out, bias, Init.normal(0.02));
    }

    /** With other first values of the weight. */
    public Linear(int in, int out, boolean bias, Init init) {
        this(new Parameter("weight", Shape.of(out, in), init), bias, false);
    }

    private Linear(Parameter weight, boolean bias, boolean inOut) {
        op = new org.lugha.autograd.op.Linear(inOut);
        this.weight = parameter("weight", weight);
        this.bias = bias ? parameter("bias", Shape.of(out()), Init.zeros()) : null;
    }

    /** With the weight stored {@code [in, out]}. */
    public static Linear inOut(int in, int out, boolean bias) {
        return inOut(in, out, bias, Init.normal(0.02));
    }

    /** As {@link #inOut(int, int, boolean)} with other first values of the weight. */
    public static Linear inOut(int in, int out, boolean bias, Init init) {
        return new Linear(new Parameter("weight", Shape.of(in, out), init), bias, true);
    }

    /** Without bias, over a weight that another module declares too: a tied output layer. */
    public static Linear tied(Parameter weight) {
        return new Linear(weight, false, false);
    }

    public int in() {
        return weight.shape().dim(op.inOut() ? 0 : 1);
    }

    public int out() {
        return weight.shape().dim(op.inOut() ? 1 : 0);
    }

    /** Whether the weight lies {@code [in, out]}. */
    public boolean isInOut() {
        return op.inOut();
    }

    public Parameter weight() {
        return weight;
    }

    /** Null where there is none. */
    public Parameter bias() {
        return bias;
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        return bias == null ? op.apply(x, weight) : op.apply(x, weight, bias);
    }
}
