package org.lugha.autograd.op;

import org.lugha.autograd.Context;
import org.lugha.autograd.Op;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * T5's learned bias of attention scores (Raffel et al. 2020, section 2.1): table {@code [buckets,
 * H]}, {@code y[h, t, s] = table[bucket(s - (offset + t)), h]}, y {@code [H,T,S]}; {@code dtable[b,
 * h]} is the sum of dy over all t and s of that bucket.
 *
 * <p>Near keys have a bucket a distance, farther ones share buckets that grow with the logarithm of
 * the distance, see {@link #bucket}. Nothing is kept for backward: buckets are found again.
 *
 * @param bidirectional half of the buckets are for keys after the query; else these all count as
 *     distance 0, since a decoder does not see them
 * @param maxDistance from here on keys share the last bucket
 * @param offset position of query 0 among the keys; what lies before it in a cache
 */
public record RelativeBias(
        boolean bidirectional, int maxDistance, int queries, int keys, int offset) implements Op {
    public RelativeBias {
        if (queries < 0 || keys < 0) {
            throw new IllegalArgumentException(
                    "relative bias: needs numbers of queries and keys from 0 on, got "
                            + queries
                            + " and "
                            + keys);
        }
    }

    @Override
    public Tensor forward(Context ctx, Tensor... in) {
        Tensor table = in[0];
        Check.that(table.shape().rank() == 2, this, "needs a table [buckets, H]", table);
        int exact = side(table.dim(0)) / 2;
        Check.that(
                exact > 0 && maxDistance > exact,
                this,
                "needs two buckets a side at least, half of them fewer than maxDistance",
                table);
        Tensor rows = Tensor.empty(table.device(), table.dtype(), Shape.of(pairs(), table.dim(1)));
        ctx.kernels().index().gather(table, buckets(table), Into.overwrite(rows));
        Tensor y =
                Tensor.empty(table.device(), table.dtype(), Shape.of(table.dim(1), queries, keys));
        Tensor to = y.view(table.dim(1), pairs());
        ctx.kernels().copy().copy(rows.transpose(0, 1), Into.overwrite(to));
        return y;
    }

    @Override
    public void backward(Context ctx, Tensor dy) {
        Tensor rows = dy.view(dy.dim(0), pairs()).transpose(0, 1).contiguous();
        Into table = ctx.grad(0);
        ctx.kernels().index().scatterAdd(rows, buckets(table.tensor()), table);
    }

    private int pairs() {
        return Math.multiplyExact(queries, keys);
    }

    /** The bucket of each pair of a query and a key, {@code [T S]}. */
    private Tensor buckets(Tensor table) {
        Device device = table.device();
        int count = table.dim(0);
        return Tensor.generate(
                device,
                DType.I32,
                Shape.of(pairs()),
                i -> bucket((int) (i % keys) - (offset + (int) (i / keys)), count));
    }

    /** Buckets of one direction. */
    private int side(int count) {
        return bidirectional ? count / 2 : count;
    }

    /**
     * With n buckets a side and distance d: d below n/2; else {@code n/2 + log(d / (n/2)) /
     * log(maxDistance / (n/2)) n/2} rounded down, at most {@code n - 1}, in F32 as T5 was trained.
     * The other side's follow behind.
     *
     * @param relative position of the key less that of the query
     * @param count rows of the table
     */
    int bucket(int relative, int count) {
        int n = side(count);
        int first = bidirectional && relative > 0 ? n : 0;
        int distance = bidirectional ? Math.abs(relative) : Math.max(-relative, 0);
        int exact = n / 2;
        if (distance < exact) {
            return first + distance;
        }
        float far = (float) Math.log((float) distance / exact);
        float all = (float) Math.log((double) maxDistance / exact);
        return first + Math.min(n - 1, exact + (int) (far / all * (n - exact)));
    }
}
