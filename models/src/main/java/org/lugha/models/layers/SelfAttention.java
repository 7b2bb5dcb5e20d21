package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.autograd.op.Attention;
import org.lugha.nn.Init;
import org.lugha.nn.KvCache;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;

/**
 * Grouped-query self-attention with rotary positions: x {@code [B,T,D]} to {@code [B,T,D]}. With a
 * cache in the pass, the new tokens' keys and values join it and queries see all of them.
 */
public final class SelfAttention extends Module {
    private final AttentionShape shape;
    private final int layer;
    private final RotaryTable rotary;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear output;

    /**
     * @param layer number of this layer, its place in the cache
     */
    public SelfAttention(AttentionShape s, int layer, RotaryTable rotary) {
        shape = s;
        this.layer = layer;
        this.rotary = rotary;
        Init init = Init.normal(s.initRange());
        int wide = s.heads() * s.headDim();
        int narrow = s.keyHeads() * s.headDim();
        query = child("q_proj", new Linear(s.hidden(), wide, s.bias(), init));
        key = child("k_proj", new Linear(s.hidden(), narrow, s.bias(), init));
        value = child("v_proj", new Linear(s.hidden(), narrow, s.bias(), init));
        output = child("o_proj", new Linear(wide, s.hidden(), s.bias(), init));
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        int batch = x.shape().dim(0);
        int length = x.shape().dim(1);
        int dim = shape.headDim();
        Var q = query.forward(x, pass).view(batch, length, shape.heads(), dim);
        Var k = key.forward(x, pass).view(batch, length, shape.keyHeads(), dim);
        Var v = value.forward(x, pass).view(batch, length, shape.keyHeads(), dim);
        q = rotary.rotate(q, pass.positions());
        k = rotary.rotate(k, pass.positions());
        var mask = pass.mask();
        KvCache cache = pass.cache();
        if (cache != null) {
            cache.append(layer, k.value(), v.value());
            k = Var.of(cache.keys(layer, length));
            v = Var.of(cache.values(layer, length));
            mask = mask.withOffset(cache.length());
        }
        Var y = new Attention(1 / Math.sqrt(dim), mask).apply(q, k, v);
        return output.forward(y.view(batch, length, shape.heads() * dim), pass);
    }
}
