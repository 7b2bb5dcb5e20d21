package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.nn.RmsNorm;

/**
 * A block with norms on both sides of its layers: {@code h = x + norm(attention(norm(x))); y = h +
 * norm(mlp(norm(h)))}, x {@code [B,T,D]} (Gemma 2).
 */
public final class SandwichBlock extends Module {
    private final SelfAttention attention;
    private final GatedMlp mlp;
    private final RmsNorm beforeAttention;
    private final RmsNorm afterAttention;
    private final RmsNorm beforeMlp;
    private final RmsNorm afterMlp;

    public SandwichBlock(SelfAttention attention, GatedMlp mlp, int hidden, NormShape norm) {
        this.attention = child("self_attn", attention);
        this.mlp = child("mlp", mlp);
        beforeAttention = child("input_layernorm", norm.of(hidden));
        afterAttention = child("post_attention_layernorm", norm.of(hidden));
        beforeMlp = child("pre_feedforward_layernorm", norm.of(hidden));
        afterMlp = child("post_feedforward_layernorm", norm.of(hidden));
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        Var a = attention.forward(beforeAttention.forward(x, pass), pass);
        Var h = ResidualAdapter.join(attention, x, afterAttention.forward(a, pass), pass);
        Var m = mlp.forward(beforeMlp.forward(h, pass), pass);
        return ResidualAdapter.join(mlp, h, afterMlp.forward(m, pass), pass);
    }
}
