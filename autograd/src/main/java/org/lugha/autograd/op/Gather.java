package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Elements of the last axis by number: {@code y[.., k] = x[.., ids[.., k]]}, x {@code [.., V]}, ids
 * I32 {@code [.., K]}, each in [0, V). {@code dx[.., ids[.., k]] += dy[.., k]}, else 0; repeated
 * ids add up in their order. Whole rows are picked by {@link Rows}.
 */
public record Gather() implements Op {
    @Override
    public boolean isIndex(int input) {
        return input == 1;
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Tensor ids = in[1];
        Shape shape = x.shape();
        Check.that(
                shape.rank() > 0
                        && shape.rank() == ids.shape().rank()
                        && shape.equals(ids.shape().withLast(shape.last())),
                this,
                "needs x [.., V] and ids [.., K] whose leading extents agree",
                x,
                ids);
        Check.ids(this, ids, shape.last(), "elements of a row of " + x);
        Tensor y = x.emptyWithLast(ids.shape().last());
        ctx.kernels().index().pick(x.rows(), ids.rows(), Into.overwrite(y.rows()));
        ctx.keep(1);
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        Into dx = ctx.grad(0);
        Into rows = new Into(dx.tensor().rows(), dx.beta());
        ctx.kernels().index().unpick(dy.rows(), ctx.input(1).rows(), rows);
    }
}
