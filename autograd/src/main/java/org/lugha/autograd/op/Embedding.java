package org.lugha.autograd.op;

import java.util.Arrays;
import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y[.., :] = table[ids[..], :]}: table {@code [V,D]}, ids I32 of any shape, each in [0, V).
 * {@code dtable[ids[n]] += dy[n]}, the rest 0. Rows of a BF16 or F16 table come out as F32, so that
 * what is computed from them is F32 too.
 */
public record Embedding() implements Op {
    @Override
    public boolean isIndex(int input) {
        return input == 1;
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor table = in[0];
        Tensor ids = in[1];
        Check.that(table.shape().rank() == 2, this, "needs a table [V,D]", table);
        Check.ids(this, ids, table.dim(0), "rows of the embedding " + table);
        int[] dims = Arrays.copyOf(ids.shape().dims(), ids.shape().rank() + 1);
        dims[dims.length - 1] = table.dim(1);
        Tensor y = Tensor.empty(table.device(), table.dtype().wide(), new Shape(dims));
        ctx.kernels().index().gather(table, flat(ids), Into.overwrite(y.rows()));
        ctx.keep(1);
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels().index().scatterAdd(dy.rows(), flat(ctx.input(1)), ctx.grad(0));
    }

    private static Tensor flat(Tensor ids) {
        return ids.view(Math.toIntExact(ids.count()));
    }
}
