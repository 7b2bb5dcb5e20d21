package org.lugha.nn;

import java.util.Optional;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.autograd.op.QuantizedLinear;
import org.lugha.runtime.DType;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Shape;
import org.lugha.runtime.ShapeException;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y = x W^T + b}: x {@code [.., in]}, {@code weight [out, in]}, {@code bias [out]} where
 * asked for. As {@link #inOut} the weight lies {@code [in, out]}, the way GPT-2's Conv1D stores it.
 * First values: normal with deviation 0.02, bias 0, as Hugging Face's decoders start.
 *
 * <p>A frozen weight may be {@link #quantize held in few bits}.
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

    /**
     * Holds the weight in few bits from now on. Always {@code [out, in]}, as bitsandbytes keeps it,
     * also where the parameter lies {@code [in, out]}.
     */
    public void quantize(Quantized w) {
        if (!w.shape().equals(Shape.of(out(), in()))) {
            throw new ShapeException(
                    "quantize: "
                            + weight.name()
                            + " needs a weight "
                            + Shape.of(out(), in())
                            + ", got "
                            + w.shape());
        }
        weight.bind(w);
    }

    /** The weight in few bits, where it is held so. */
    public Optional<Quantized> quantized() {
        return weight.quantized();
    }

    /**
     * The weight as a tensor in the parameter's own orientation: the parameter's value, or of a
     * quantised one F32 numbers made anew in the current scope.
     */
    public Tensor denseWeight() {
        if (quantized().isEmpty()) {
            return weight.value();
        }
        Quantized w = quantized().get();
        Tensor dense = Tensor.empty(w.device(), DType.F32, w.shape());
        w.device().kernels().quant().dequantize(w, Into.overwrite(dense));
        return isInOut() ? dense.transpose(0, 1).contiguous() : dense;
    }

    /** Null where there is none. */
    public Parameter bias() {
        return bias;
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        return with(bias, x);
    }

    /** The layer's output with another bias; null is none. */
    public Var with(Parameter other, Var x) {
        if (quantized().isPresent()) {
            var few = new QuantizedLinear(quantized().get());
            return other == null ? few.apply(x) : few.apply(x, other);
        }
        return other == null ? op.apply(x, weight) : op.apply(x, weight, other);
    }

    /** {@code x W^T} without bias and without gradient, owned by the current scope. */
    public Tensor project(Tensor x) {
        if (quantized().isPresent()) {
            return new QuantizedLinear(quantized().get()).apply(Var.of(x)).value();
        }
        return op.apply(Var.of(x), Var.of(weight.value())).value();
    }
}
