package org.lugha.models.adapters;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.models.layers.VirtualTokens;
import org.lugha.nn.Pass;

/**
 * A learned prompt (Lester et al. 2021): vectors {@code [n,D]} in place of embeddings before every
 * example.
 *
 * @param factor what they are multiplied by, which undoes what the model multiplies embeddings by
 */
public record SoftPrompt(Parameter prompt, double factor) implements VirtualTokens {
    /** The name of the vectors in PEFT's files. */
    public static final String KEY = "prompt_embeddings";

    @Override
    public int count() {
        return prompt.shape().dim(0);
    }

    @Override
    public boolean predicts() {
        return true;
    }

    @Override
    public Var apply(Var ids, UnaryOperator<Var> base, Pass pass) {
        Var learned = factor == 1 ? prompt : prompt.scale(factor);
        return VirtualTokens.laid(base.apply(ids), learned, pass);
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return new LinkedHashMap<>(Map.of(KEY, prompt));
    }
}
