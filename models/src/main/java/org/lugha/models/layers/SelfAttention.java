package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.autograd.op.Attention;
import org.lugha.nn.Init;
import org.lugha.nn.KvCache;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.nn.RmsNorm;
import org.lugha.runtime.spi.Mask;
import org.lugha.runtime.spi.Scores;

/**
 * Grouped-query self-attention with rotary positions: x {@code [B,T,D]} to {@code [B,T,D]}. With a
 * cache in the pass, the new tokens' keys and values join it and queries see all of them.
 */
public final class SelfAttention extends Module {
    private final AttentionShape shape;
    private final int layer;
    private final int window;
    private final RotaryTable rotary;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;
    private final RmsNorm queryNorm;
    private final RmsNorm keyNorm;

    /**
     * @param layer number of this layer, its place in the cache
     * @param window keys that a query sees, its own among them; 0: all before it
     */
    public SelfAttention(AttentionShape s, int layer, int window, RotaryTable rotary) {
        shape = s;
        this.layer = layer;
        this.window = window;
        this.rotary = rotary;
        Init init = Init.normal(s.initRange());
        int wide = s.heads() * s.headDim();
        int narrow = s.keyHeads() * s.headDim();
        query = child("q_proj", new Linear(s.hidden(), wide, s.inputBias(), init));
        key = child("k_proj", new Linear(s.hidden(), narrow, s.inputBias(), init));
        value = child("v_proj", new Linear(s.hidden(), narrow, s.inputBias(), init));
        output = child("o_proj", new Linear(wide, s.hidden(), s.outputBias(), init));
        boolean normed = s.headNorm() != null;
        queryNorm = normed ? child("q_norm", s.headNorm().of(s.headDim())) : null;
        keyNorm = normed ? child("k_norm", s.headNorm().of(s.headDim())) : null;
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        int batch = x.shape().dim(0);
        int length = x.shape().dim(1);
        int dim = shape.headDim();
        Var q = query.forward(x, pass).view(batch, length, shape.heads(), dim);
        Var k = key.forward(x, pass).view(batch, length, shape.keyHeads(), dim);
        Var v = value.forward(x, pass).view(batch, length, shape.keyHeads(), dim);
        q = rotary.rotate(normed(queryNorm, q, pass), pass.positions());
        k = rotary.rotate(normed(keyNorm, k, pass), pass.positions());
        KeyPrefix.Pair seen = KeyPrefix.joined(this, k, v, pass);
        k = seen.keys();
        v = seen.values();
        Mask mask = window == 0 ? pass.mask() : pass.mask().withWindow(window);
        KvCache cache = pass.cache();
        if (cache != null) {
            cache.append(layer, k.value(), v.value());
            k = Var.of(cache.keys(layer, length));
            v = Var.of(cache.values(layer, length));
            mask = mask.withOffset(cache.length());
        }
        var scores = Scores.scaled(shape.scale(), mask).withSoftCap(shape.softCap());
        Var y =
                pass.training() && shape.dropout() > 0 && cache == null
                        ? new DroppedAttention(
                                        scores, shape.dropout(), Sites.attention(pass, layer))
                                .apply(q, k, v)
                        : new Attention(scores).apply(q, k, v);
        return output.forward(y.view(batch, length, shape.heads() * dim), pass);
    }

    private static Var normed(RmsNorm norm, Var x, Pass pass) {
        return norm == null ? x : norm.forward(x, pass);
    }
}
