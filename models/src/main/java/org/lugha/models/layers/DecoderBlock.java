package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.nn.RmsNorm;

/** {@code h = x + attention(norm(x)); y = h + mlp(norm(h))}, x {@code [B,T,D]}. */
public final class DecoderBlock extends Module {
    private final SelfAttention attention;
    private final GatedMlp mlp;
    private final RmsNorm before;
    private final RmsNorm between;

    public DecoderBlock(SelfAttention attention, GatedMlp mlp, int hidden, NormShape norm) {
        this.attention = child("self_attn", attention);
        this.mlp = child("mlp", mlp);
        before = child("input_layernorm", norm.of(hidden));
        between = child("post_attention_layernorm", norm.of(hidden));
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        Var a = attention.forward(before.forward(x, pass), pass);
        Var h = ResidualAdapter.join(attention, x, a, pass);
        return ResidualAdapter.join(mlp, h, mlp.forward(between.forward(h, pass), pass), pass);
    }
}
