package org.lugha.autograd.op;

import java.util.Arrays;
import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Attention with linear biases (Press et al. 2022) on scores {@code [B,H,T,S]}: {@code y[b,h,t,s] =
 * x[b,h,t,s] + slope_h (s - (offset + t))}; {@code dx = dy}. What {@link Attention} does on the way
 * with the slopes of its {@link org.lugha.runtime.spi.Scores}, for those who need the scores.
 *
 * @param slopes one a head, see {@link org.lugha.runtime.spi.Scores#alibiSlopes}
 * @param offset position of query 0 among the keys; what lies before it in a cache
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content: see equals
public record Alibi(float[] slopes, int offset) implements Op {
    /** Queries and keys begin at the same position. */
    public Alibi(float... slopes) {
        this(slopes, 0);
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor x = in[0];
        Check.that(
                x.shape().rank() == 4 && x.dim(1) == slopes.length,
                this,
                "needs scores [B,H,T,S] of " + slopes.length + " heads",
                x);
        int queries = x.dim(2);
        int keys = x.dim(3);
        int one = Math.toIntExact((long) slopes.length * queries * keys);
        Tensor bias =
                Tensor.generate(
                        x.device(), x.dtype().wide(), Shape.of(one), i -> bias(i, queries, keys));
        Tensor y = x.emptyLike();
        Tensor to = y.view(x.dim(0), one);
        ctx.kernels().elementwise().addRow(x.view(x.dim(0), one), bias, Into.overwrite(to));
        return y;
    }

    /** Of element i of {@code [H,T,S]}. */
    private double bias(long i, int queries, int keys) {
        long t = i / keys % queries;
        return slopes[(int) (i / keys / queries)] * (double) (i % keys - (offset + t));
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        ctx.give(0, dy);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Alibi(float[] s, int f) && f == offset && Arrays.equals(s, slopes);
    }

    @Override
    public int hashCode() {
        return 31 * offset + Arrays.hashCode(slopes);
    }

    @Override
    public String toString() {
        return "Alibi[slopes=" + Arrays.toString(slopes) + ", offset=" + offset + "]";
    }
}
