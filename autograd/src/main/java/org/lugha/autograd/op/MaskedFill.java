package org.lugha.autograd.op;

import java.util.Arrays;
import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * {@code y = mask != 0 ? value : x}; {@code dx = mask != 0 ? 0 : dy}. The mask is I32 and has x's
 * shape or its last axes, and then counts for all of the others.
 */
public record MaskedFill(double value) implements Op {
    @Override
    public boolean isIndex(int input) {
        return input == 1;
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Tensor mask = in[1];
        Check.that(
                ends(x.shape(), mask.shape()),
                this,
                "needs x [.., M] and a mask of its shape or of its last axes [M]",
                x,
                mask);
        Tensor y = x.emptyLike();
        ctx.kernels().elementwise().maskedFill(x, mask, value, Into.overwrite(y));
        ctx.keep(1);
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.kernels().elementwise().maskedFill(dy, ctx.input(1), 0, ctx.grad(0));
    }

    /** Whether the last axes of a shape are all of another. */
    private static boolean ends(Shape x, Shape mask) {
        int more = x.rank() - mask.rank();
        return more >= 0 && Arrays.equals(x.dims(), more, x.rank(), mask.dims(), 0, mask.rank());
    }
}
