package org.lugha.models.layers;

import org.lugha.autograd.Var;
import org.lugha.nn.LayerNorm;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;

/**
 * {@code n = norm(x); h = x + drop(attention(n)); m = norm(h); y = h + drop(mlp(m))}, x {@code
 * [B,T,D]}; where the family says so the residuals are n and m, not x and h.
 */
public final class LayerNormBlock extends Module {
    private final Shape shape;
    private final int layer;
    private final LayerNorm before;
    private final Module attention;
    private final LayerNorm between;
    private final Mlp mlp;

    /**
     * What a family's blocks are called and how they are put together.
     *
     * @param beforeName of the norm before attention
     * @param attentionName of the attention layer
     * @param betweenName of the norm before the feed-forward
     * @param hidden D
     * @param eps of the norms
     * @param isResidualNormed whether residuals are taken behind the norms
     * @param dropout of what joins a residual, in training
     */
    public record Shape(
            String beforeName,
            String attentionName,
            String betweenName,
            int hidden,
            double eps,
            boolean isResidualNormed,
            double dropout) {}

    /**
     * @param layer number of this layer
     */
    public LayerNormBlock(Shape shape, int layer, Module attention, Mlp mlp) {
        this.shape = shape;
        this.layer = layer;
        before = child(shape.beforeName(), new LayerNorm(shape.hidden(), shape.eps()));
        this.attention = child(shape.attentionName(), attention);
        between = child(shape.betweenName(), new LayerNorm(shape.hidden(), shape.eps()));
        this.mlp = child("mlp", mlp);
    }

    @Override
    protected Var compute(Var x, Pass pass) {
        boolean normed = shape.isResidualNormed();
        Var n = before.forward(x, pass);
        Var a = attention.forward(n, pass);
        Var dropped = drop(a, pass, Sites.afterAttention(pass, layer));
        Var h = ResidualAdapter.join(attention, normed ? n : x, dropped, pass);
        Var m = between.forward(h, pass);
        Var f = mlp.forward(m, pass);
        Var kept = drop(f, pass, Sites.afterMlp(pass, layer));
        return ResidualAdapter.join(mlp, normed ? m : h, kept, pass);
    }

    private Var drop(Var y, Pass pass, long seed) {
        return pass.training() ? y.dropout(shape.dropout(), seed) : y;
    }
}
