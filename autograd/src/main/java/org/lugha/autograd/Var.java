package org.lugha.autograd;

import org.lugha.autograd.op.Activation;
import org.lugha.autograd.op.Add;
import org.lugha.autograd.op.Alibi;
import org.lugha.autograd.op.Bias;
import org.lugha.autograd.op.Concat;
import org.lugha.autograd.op.Dropout;
import org.lugha.autograd.op.Expand;
import org.lugha.autograd.op.Gain;
import org.lugha.autograd.op.Gate;
import org.lugha.autograd.op.Gather;
import org.lugha.autograd.op.KlDivergence;
import org.lugha.autograd.op.Linear;
import org.lugha.autograd.op.MaskedFill;
import org.lugha.autograd.op.Matmul;
import org.lugha.autograd.op.Mean;
import org.lugha.autograd.op.MeanAxis;
import org.lugha.autograd.op.MeanSquaredError;
import org.lugha.autograd.op.Mul;
import org.lugha.autograd.op.RmsNorm;
import org.lugha.autograd.op.Rows;
import org.lugha.autograd.op.Scale;
import org.lugha.autograd.op.Slice;
import org.lugha.autograd.op.SoftCap;
import org.lugha.autograd.op.Softmax;
import org.lugha.autograd.op.Sub;
import org.lugha.autograd.op.Sum;
import org.lugha.autograd.op.SumAxis;
import org.lugha.autograd.op.Transpose;
import org.lugha.autograd.op.View;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Unary;

/** A tensor that remembers which op made it. */
public sealed class Var permits Parameter {
    private final Tensor value;
    private final Context node;

    Var(Tensor value, Context node) {
        this.value = value;
        this.node = node;
    }

    /** A constant: no gradient flows into it. */
    public static Var of(Tensor value) {
        return new Var(value, null);
    }

    public Tensor value() {
        return value;
    }

    public Shape shape() {
        return value().shape();
    }

    /** Whether a gradient is wanted for it in the open tape. */
    public boolean needsGradient() {
        return node != null;
    }

    /** The op that made it; null for constants and parameters. */
    Context node() {
        return node;
    }

    /**
     * The op that made it in the open tape, with its attributes, for messages; {@code input} for
     * constants, parameters and what was not recorded.
     */
    public String madeBy() {
        return node == null ? "input" : node.op();
    }

    /** The only element. */
    public double item() {
        return value().item();
    }

    /** Walks the open tape backwards from this scalar and adds to the parameters' gradients. */
    public void backward() {
        Tape.current().backward(this);
    }

    public Var add(Var other) {
        return new Add().apply(this, other);
    }

    /** {@code this - other}, one shape. */
    public Var sub(Var other) {
        return new Sub().apply(this, other);
    }

    /** {@code this[.., D] + row[D]}. */
    public Var bias(Var row) {
        return new Bias().apply(this, row);
    }

    /** {@code this[.., D] row[D]}. */
    public Var gain(Var row) {
        return new Gain().apply(this, row);
    }

    public Var mul(Var other) {
        return new Mul().apply(this, other);
    }

    public Var scale(double factor) {
        return new Scale(factor).apply(this);
    }

    public Var sum() {
        return new Sum().apply(this);
    }

    /** The sum over one axis, which is dropped. */
    public Var sum(int axis) {
        return new SumAxis(axis).apply(this);
    }

    /** The mean of all elements, a scalar. */
    public Var mean() {
        return new Mean().apply(this);
    }

    /** The mean over one axis, which is dropped. */
    public Var mean(int axis) {
        return new MeanAxis(axis).apply(this);
    }

    /** Elements {@code from} (inclusive) to {@code to} (exclusive) of one axis. */
    public Var slice(int axis, int from, int to) {
        return new Slice(axis, from, to).apply(this);
    }

    /** The parts one after the other along an axis. */
    public static Var concat(int axis, Var... parts) {
        return new Concat(axis).apply(parts);
    }

    /** Two axes exchanged. */
    public Var transpose(int a, int b) {
        return new Transpose(a, b).apply(this);
    }

    /** Axes of extent 1, and those missing in front, repeated to fill a shape. */
    public Var expand(int... dims) {
        return new Expand(Shape.of(dims)).apply(this);
    }

    /** Elements {@code [.., ids[.., k]]} of the last axis, ids I32 {@code [.., K]}. */
    public Var gather(Tensor ids) {
        return new Gather().apply(this, Var.of(ids));
    }

    /** {@code mask != 0 ? value : this}, mask I32 of this shape or of its last axes. */
    public Var maskedFill(Tensor mask, double value) {
        return new MaskedFill(value).apply(this, Var.of(mask));
    }

    /** {@code this other}: {@code [.., M,K]} times {@code [.., K,N]}, equal leading axes. */
    public Var matmul(Var other) {
        return matmul(other, false, false);
    }

    /** As {@link #matmul(Var)}, the last two axes of either exchanged first. */
    public Var matmul(Var other, boolean transposeThis, boolean transposeOther) {
        return new Matmul(transposeThis, transposeOther).apply(this, other);
    }

    public Var view(int... dims) {
        return new View(Shape.of(dims)).apply(this);
    }

    public Var softmax() {
        return new Softmax().apply(this);
    }

    public Var activation(Unary f) {
        return new Activation(f).apply(this);
    }

    /** {@code f(this) up}: SwiGLU with SILU. */
    public Var gate(Unary f, Var up) {
        return new Gate(f).apply(this, up);
    }

    /** {@code this W^T}, W {@code [out, in]}. */
    public Var linear(Var weight) {
        return new Linear(false).apply(this, weight);
    }

    /** {@code this W^T + bias}. */
    public Var linear(Var weight, Var bias) {
        return new Linear(false).apply(this, weight, bias);
    }

    public Var rmsNorm(Var weight, double eps) {
        return new RmsNorm(eps).apply(this, weight);
    }

    /** {@code x r (offset + weight)}; Gemma's offset is 1. */
    public Var rmsNorm(Var weight, double offset, double eps) {
        return new RmsNorm(offset, eps).apply(this, weight);
    }

    /** {@code cap tanh(this / cap)}. */
    public Var softCap(double cap) {
        return new SoftCap(cap).apply(this);
    }

    /** Drops elements with probability p; a function of the seed. */
    public Var dropout(double p, long seed) {
        return p == 0 ? this : new Dropout(p, seed).apply(this);
    }

    /** Rows {@code ids} of {@code [.., D]} seen as {@code [rows, D]}. */
    public Var rows(Tensor ids) {
        return new Rows().apply(this, Var.of(ids));
    }

    /** {@code scale sum (this - target)^2}. */
    public Var meanSquaredError(Var target, double scale) {
        return new MeanSquaredError(scale).apply(this, target);
    }

    /** Distillation: these logits against a teacher's, see {@link KlDivergence}. */
    public Var klDivergence(Var teacher, double scale, double temperature) {
        return new KlDivergence(scale, temperature).apply(this, teacher);
    }

    /** These attention scores {@code [B,H,T,S]} with linear biases, one slope a head. */
    public Var alibi(float... slopes) {
        return new Alibi(slopes).apply(this);
    }

    @Override
    public String toString() {
        return value().toString();
    }
}
