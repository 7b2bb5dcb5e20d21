package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y = table} but {@code y[ids[n], :] = rows[n, :]}: table {@code [V,D]}, rows {@code [N,D]},
 * ids I32 {@code [N]}, each once. {@code drows[n] = dy[ids[n]]}; {@code dtable = dy} where it was
 * kept, 0 where it was replaced.
 */
public record ReplaceRows() implements Op {
    @Override
    public boolean isIndex(int input) {
        return input == 2;
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor table = in[0];
        Tensor rows = in[1];
        Tensor ids = in[2];
        Check.that(
                table.shape().rank() == 2
                        && rows.shape().rank() == 2
                        && ids.shape().rank() == 1
                        && rows.dim(0) == ids.dim(0)
                        && rows.dim(1) == table.dim(1),
                this,
                "needs table [V,D], rows [N,D], ids [N]",
                table,
                rows,
                ids);
        Check.ids(this, ids, table.dim(0), "rows of the table " + table);
        Tensor y = table.emptyLike();
        ctx.kernels().elementwise().scale(1, table, Into.overwrite(y));
        clear(ctx, ids, y);
        ctx.kernels().index().scatterAdd(rows, ids, Into.add(y));
        ctx.keep(2);
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        Tensor ids = ctx.input(2);
        if (ctx.needs(1)) {
            ctx.kernels().index().gather(dy, ids, ctx.grad(1));
        }
        if (ctx.needs(0)) {
            Tensor kept = dy.emptyLike();
            ctx.kernels().elementwise().scale(1, dy, Into.overwrite(kept));
            clear(ctx, ids, kept);
            ctx.kernels().elementwise().scale(1, kept, ctx.grad(0));
        }
    }

    /** Rows become {@code t - t}, which is 0 exactly. */
    private static void clear(Context ctx, Tensor ids, Tensor t) {
        Tensor picked = Tensor.empty(t.device(), t.dtype(), Shape.of(ids.dim(0), t.dim(1)));
        ctx.kernels().index().gather(t, ids, Into.overwrite(picked));
        ctx.kernels().elementwise().scale(-1, picked, Into.overwrite(picked));
        ctx.kernels().index().scatterAdd(picked, ids, Into.add(t));
    }
}
