package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.autograd.op.Attention;
import org.lugha.autograd.op.FusedAttention;
import org.lugha.nn.KvCache;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Scores;

/**
 * Multi-head self-attention whose queries, keys and values come out of one projection: x {@code
 * [B,T,D]} to {@code [B,T,D]}. The kernels read the parts where the projection left them. With a
 * cache in the pass, the new tokens' keys and values join it and queries see all of them.
 */
public final class FusedSelfAttention extends Module {
    private final Shape shape;
    private final int layer;
    private final Linear input;
    private final Linear output;

    /**
     * How a family lays heads out and scores keys.
     *
     * @param heads of queries, keys and values alike
     * @param axis 2 where the projection gives {@code [3,H,D]}, 3 where it gives {@code [H,3,D]}
     * @param scores scale and slopes; the mask is the pass's
     * @param dropout of the probabilities in training
     */
    public record Shape(int heads, int axis, Scores scores, double dropout) {}

    /**
     * @param layer number of this layer, its place in the cache
     * @param inputName of the projection to q, k and v
     * @param outputName of the projection back
     */
    public FusedSelfAttention(
            Shape shape,
            int layer,
            String inputName,
            Linear input,
            String outputName,
            Linear output) {
        this.shape = shape;
        this.layer = layer;
        this.input = child(inputName, input);
        this.output = child(outputName, output);
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        int batch = x.shape().dim(0);
        int length = x.shape().dim(1);
        int dim = input.out() / 3 / shape.heads();
        Var qkv = input.forward(x, pass);
        qkv =
                shape.axis() == 2
                        ? qkv.view(batch, length, 3, shape.heads(), dim)
                        : qkv.view(batch, length, shape.heads(), 3, dim);
        Var y = attend(qkv, shape.scores().withMask(pass.mask()), pass);
        return output.forward(y.view(batch, length, shape.heads() * dim), pass);
    }

    private Var attend(Var qkv, Scores scores, Pass pass) {
        if (pass.cache() != null) {
            return cached(qkv.value(), scores, pass);
        }
        boolean drops = pass.training() && shape.dropout() > 0;
        if (!drops && !KeyPrefix.isIn(this)) {
            return new FusedAttention(scores, shape.axis()).apply(qkv);
        }
        Var q = part(qkv, 0);
        KeyPrefix.Pair seen = KeyPrefix.joined(this, part(qkv, 1), part(qkv, 2), pass);
        if (drops) {
            var op = new DroppedAttention(scores, shape.dropout(), Sites.attention(pass, layer));
            return op.apply(q, seen.keys(), seen.values());
        }
        return new Attention(scores).apply(q, seen.keys(), seen.values());
    }

    private Var cached(Tensor qkv, Scores scores, Pass pass) {
        KvCache cache = pass.cache();
        int fresh = qkv.dim(1);
        Var k = Var.of(qkv.select(shape.axis(), 1));
        Var v = Var.of(qkv.select(shape.axis(), 2));
        KeyPrefix.Pair seen = KeyPrefix.joined(this, k, v, pass);
        cache.append(layer, seen.keys().value(), seen.values().value());
        return new Attention(scores.withMask(scores.mask().withOffset(cache.length())))
                .apply(
                        Var.of(qkv.select(shape.axis(), 0)),
                        Var.of(cache.keys(layer, fresh)),
                        Var.of(cache.values(layer, fresh)));
    }

    /** A copy {@code [B,T,H,D]} of q, k or v, with its gradient. */
    private Var part(Var qkv, int i) {
        int[] d = qkv.shape().dims();
        return qkv.slice(shape.axis(), i, i + 1).view(d[0], d[1], shape.heads(), d[4]);
    }
}
