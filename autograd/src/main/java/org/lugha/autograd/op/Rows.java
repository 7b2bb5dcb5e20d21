package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y[n, :] = x[ids[n], :]} with x {@code [.., D]} seen as {@code [rows, D]}, ids I32 {@code
 * [N]}: only the counted rows go on to the output layer. {@code dx[ids[n]] += dy[n]}, else 0.
 */
public record Rows() implements Op {
    @Override
    public boolean isIndex(int input) {
        return input == 1;
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0].rows();
        Tensor ids = in[1];
        Check.ids(this, ids, x.dim(0), "rows of " + in[0]);
        Tensor y =
                Tensor.empty(
                        x.device(), x.dtype(), Shape.of(Math.toIntExact(ids.count()), x.dim(1)));
        ctx.kernels().index().gather(x, ids, Into.overwrite(y));
        ctx.keep(1);
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        Into dx = ctx.grad(0);
        ctx.kernels().index().scatterAdd(dy, ctx.input(1), new Into(dx.tensor().rows(), dx.beta()));
    }
}
