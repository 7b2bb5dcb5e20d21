package org.lugha.autograd.op;

import java.util.Arrays;
import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.Scores;

/**
 * {@link Attention} whose q, k and v are one tensor x, as a single projection leaves them: {@code
 * [B,T,3,H,D]} with axis 2 (GPT-2) or {@code [B,T,H,3,D]} with axis 3 (BLOOM). y is {@code
 * [B,T,H,D]}. Nothing is split or joined: the kernels read parts of x and write parts of dx.
 *
 * @param axis the one of extent 3
 */
public record FusedAttention(Scores scores, int axis) implements Op {
    private static final int PARTS = 3;

    public FusedAttention {
        if (axis != 2 && axis != 3) {
            throw new IllegalArgumentException(
                    "attention: q, k and v lie along axis 2 or 3, got " + axis);
        }
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Check.that(
                x.shape().rank() == 5 && x.dim(axis) == PARTS,
                this,
                axis == 2 ? "needs q, k and v as [B,T,3,H,D]" : "needs q, k and v as [B,T,H,3,D]",
                x);
        Shape shape = Shape.of(x.dim(0), x.dim(1), x.dim(5 - axis), x.dim(4));
        Check.that(
                scores.slopes().length == 0 || scores.slopes().length == shape.dim(2),
                this,
                "needs one slope a head",
                x);
        Check.that(
                fits(scores.mask().firsts(), x) && fits(scores.mask().ends(), x),
                this,
                "needs segments [B][T] of the queries",
                x);
        Tensor y = Tensor.empty(x.device(), x.dtype(), shape);
        Into lse = null;
        if (ctx.recording()) {
            Shape rows = Shape.of(shape.dim(0), shape.dim(2), shape.dim(1));
            Tensor sums = Tensor.empty(x.device(), x.dtype().wide(), rows);
            ctx.keep(0);
            ctx.save(y);
            ctx.saveExact(sums);
            lse = Into.overwrite(sums);
        }
        ctx.kernels()
                .attention()
                .forward(part(x, 0), part(x, 1), part(x, 2), scores, Into.overwrite(y), lse);
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        Tensor x = ctx.input(0);
        Into dx = ctx.grad(0);
        ctx.kernels()
                .attention()
                .backward(
                        part(x, 0),
                        part(x, 1),
                        part(x, 2),
                        scores,
                        ctx.saved(0),
                        ctx.saved(1),
                        dy,
                        part(dx, 0),
                        part(dx, 1),
                        part(dx, 2));
    }

    private Tensor part(Tensor x, int i) {
        return x.select(axis, i);
    }

    private Into part(Into dx, int i) {
        return new Into(part(dx.tensor(), i), dx.beta());
    }

    private static boolean fits(int[][] segments, Tensor x) {
        return segments.length == 0
                || (segments.length == x.dim(0)
                        && Arrays.stream(segments).allMatch(row -> row.length == x.dim(1)));
    }
}
