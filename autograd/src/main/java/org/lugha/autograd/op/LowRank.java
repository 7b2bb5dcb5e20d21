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
 *
 * <p>It may use only the first rows of A and columns of B, {@code [0, to)}, and of those give a
 * gradient only to {@code [from, to)}, as DyLoRA does; the gradient of the others is 0. Nothing is
 * copied for that.
 *
 * @param from the first rank that is trained, counted from 0
 * @param to behind the last rank that is used; more than there are is all of them
 */
public record LowRank(double scale, int from, int to) implements Op {
    public LowRank {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException(
                    "LowRank: needs ranks 0 <= from < to, got " + from + " and " + to);
        }
    }

    /** Of all ranks. */
    public LowRank(double scale) {
        this(scale, 0, Integer.MAX_VALUE);
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor y = in[0];
        Tensor x = in[1];
        Check.that(
                fits(y, x, in[2], in[3]) && from < in[2].dim(0),
                this,
                "needs y [.., out], x [.., in], A [r, in], B [out, r]",
                in);
        Tensor a = used(0, in[2]);
        Tensor b = used(1, in[3]);
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

    private static boolean fits(Tensor y, Tensor x, Tensor a, Tensor b) {
        return a.shape().rank() == 2
                && b.shape().rank() == 2
                && a.dim(1) == x.shape().last()
                && b.dim(0) == y.shape().last()
                && a.dim(0) == b.dim(1)
                && x.shape().rows() == y.shape().rows();
    }

    /** The ranks in use, a view. */
    private Tensor used(int axis, Tensor t) {
        return to < t.dim(axis) ? t.slice(axis, 0, to) : t;
    }

    /** Where the gradient of the trained ranks goes; the others' is 0. */
    private Into trained(Context ctx, int axis, Into all) {
        Tensor t = all.tensor();
        int end = Math.min(to, t.dim(axis));
        if (all.beta() == 0) {
            var kernel = ctx.kernels().copy();
            if (from > 0) {
                kernel.fill(0, Into.overwrite(t.slice(axis, 0, from)));
            }
            if (end < t.dim(axis)) {
                kernel.fill(0, Into.overwrite(t.slice(axis, end, t.dim(axis))));
            }
        }
        return from == 0 && end == t.dim(axis)
                ? all
                : new Into(t.slice(axis, from, end), all.beta());
    }

    @Override
    public void backward(Context ctx, Tensor dout) {
        Tensor d = dout.rows();
        var mm = ctx.kernels().matmul();
        if (ctx.needs(1) || ctx.needs(2)) {
            Tensor b = used(1, ctx.input(3));
            Tensor dh = Tensor.empty(d.device(), d.dtype(), Shape.of(d.dim(0), b.dim(1)));
            mm.gemm(false, false, scale, d, b, Into.overwrite(dh));
            if (ctx.needs(1)) {
                Into dx = ctx.grad(1);
                Tensor a = used(0, ctx.input(2));
                mm.gemm(false, false, 1, dh, a, new Into(dx.tensor().rows(), dx.beta()));
            }
            if (ctx.needs(2)) {
                Into da = trained(ctx, 0, ctx.grad(2));
                mm.gemm(true, false, 1, own(dh), ctx.input(1).rows(), da);
            }
        }
        if (ctx.needs(3)) {
            Tensor h = ctx.saved(0).rows();
            mm.gemm(true, false, scale, d, own(h), trained(ctx, 1, ctx.grad(3)));
        }
        if (ctx.needs(0)) {
            ctx.give(0, dout);
        }
    }

    /** The columns of the ranks that are trained. */
    private Tensor own(Tensor h) {
        return from == 0 ? h : h.slice(1, from, h.dim(1));
    }

    @Override
    public String toString() {
        String ranks = to == Integer.MAX_VALUE ? "" : ", ranks " + from + " to " + to;
        return "LowRank[scale=" + scale + ranks + "]";
    }
}
