package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * LoRA's correction (Hu et al. 2021): {@code out = y + scale (x A^T) B^T}, y {@code [.., out]}, x
 * {@code [.., in]}, A {@code [r, in]}, B {@code [out, r]}. Knows nothing of the adapted weight.
 *
 * <p>With {@code h = x A^T} and {@code dh = scale dout B}: {@code dy = dout, dx = dh A, dA = dh^T
 * x, dB = scale dout^T h}.
 */
public record LowRank(double scale) implements Op {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor y = in[0];
        Tensor x = in[1];
        Tensor a = in[2];
        Tensor b = in[3];
        Check.that(
                a.shape().rank() == 2
                        && b.shape().rank() == 2
                        && a.dim(1) == x.shape().last()
                        && b.dim(0) == y.shape().last()
                        && a.dim(0) == b.dim(1)
                        && x.shape().rows() == y.shape().rows(),
                this,
                "needs y [.., out], x [.., in], A [r, in], B [out, r]",
                y,
                x,
                a,
                b);
        Tensor h = x.emptyWithLast(a.dim(0));
        Tensor out = y.emptyLike();
        var mm = ctx.kernels().matmul();
        mm.gemm(false, true, 1, x.rows(), a, Into.overwrite(h.rows()));
        ctx.kernels().elementwise().scale(1, y, Into.overwrite(out));
        mm.gemm(false, true, scale, h.rows(), b, Into.add(out.rows()));
        if (ctx.needs(1) || ctx.needs(2)) {
            ctx.keep(3);
        }
        if (ctx.needs(1)) {
            ctx.keep(2);
        }
        if (ctx.needs(2)) {
            ctx.keep(1);
        }
        if (ctx.needs(3)) {
            ctx.save(h); // only r wide
        }
        return out;
    }

    @Override
    public void backward(Context ctx, Tensor dout) {
        Tensor d = dout.rows();
        var mm = ctx.kernels().matmul();
        if (ctx.needs(1) || ctx.needs(2)) {
            Tensor b = ctx.input(3);
            Tensor dh = Tensor.empty(d.device(), d.dtype(), Shape.of(d.dim(0), b.dim(1)));
            mm.gemm(false, false, scale, d, b, Into.overwrite(dh));
            if (ctx.needs(1)) {
                Into dx = ctx.grad(1);
                mm.gemm(false, false, 1, dh, ctx.input(2), new Into(dx.tensor().rows(), dx.beta()));
            }
            if (ctx.needs(2)) {
                mm.gemm(true, false, 1, dh, ctx.input(1).rows(), ctx.grad(2));
            }
        }
        if (ctx.needs(3)) {
            mm.gemm(true, false, scale, d, ctx.saved(0).rows(), ctx.grad(3));
        }
        if (ctx.needs(0)) {
            ctx.give(0, dout);
        }
    }
}
