package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y = x W^T + b} with a weight in few bits: x {@code [.., in]}, W {@code [out, in]}, b
 * {@code [out]} optional. The weight is an attribute and no input: it cannot be trained, it is not
 * kept by the tape, and whoever holds it holds it until backward is done.
 *
 * <p>{@code dx = dy W, db = sum_rows dy}.
 */
public record QuantizedLinear(Quantized weight) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Check.that(weight.shape().rank() == 2, this, "needs a weight of two axes", x);
        Check.that(
                weight.device().equals(x.device()),
                this,
                "needs an input on the weight's device " + weight.device().name(),
                x);
        int out = weight.shape().dim(0);
        int features = weight.shape().dim(1);
        Check.that(
                x.shape().rank() > 0 && x.shape().last() == features,
                this,
                "needs an input of " + features + " features",
                x);
        Tensor y = x.emptyWithLast(out);
        ctx.kernels().quant().gemm(false, true, 1, x.rows(), weight, Into.overwrite(y.rows()));
        if (in.length > 1) {
            Check.that(in[1].count() == out, this, "needs a bias of " + out + " features", in[1]);
            ctx.kernels().elementwise().addRow(y, in[1], Into.overwrite(y));
        }
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        if (ctx.needs(0)) {
            Into dx = ctx.grad(0);
            Into rows = new Into(dx.tensor().rows(), dx.beta());
            ctx.kernels().quant().gemm(false, false, 1, dy.rows(), weight, rows);
        }
        if (ctx.needs(1)) {
            ctx.kernels().reduce().sumRows(dy, ctx.grad(1));
        }
    }

    @Override
    public String toString() {
        String kind =
                switch (weight) {
                    case Quantized.Int8 _ -> "int8";
                    case Quantized.Nf4 w -> "nf4 by " + w.blockSize();
                };
        return "QuantizedLinear[" + kind + " " + weight.shape() + "]";
    }
}
