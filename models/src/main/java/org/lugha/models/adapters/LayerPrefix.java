package org.lugha.models.adapters;

import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.models.layers.KeyPrefix;
import org.lugha.nn.Pass;

/**
 * The prefix of one attention layer, a part of what all layers share.
 *
 * @param tokens n
 * @param layer number of the layer
 * @param heads G, of keys
 * @param dim D, of a head
 */
public record LayerPrefix(PrefixSource source, int tokens, int layer, int heads, int dim)
        implements KeyPrefix {
    @Override
    public Pair learned() {
        int width = heads * dim;
        int from = 2 * layer * width;
        Var both = source.columns(from, from + 2 * width);
        return new Pair(
                both.slice(1, 0, width).view(tokens, heads, dim),
                both.slice(1, width, 2 * width).view(tokens, heads, dim));
    }

    /** The layer itself asks for its prefix. */
    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        return base.apply(x);
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return source.parameters();
    }
}
