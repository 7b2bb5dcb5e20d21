package org.lugha.models.adapters;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.runtime.spi.Unary;

/**
 * Keys and values of all layers' prefixes, {@code [n, 2 L W]} with W the width of keys: those of
 * layer i begin at column {@code 2 i W}, keys first.
 */
public sealed interface PrefixSource {
    /** Columns {@code from} (inclusive) to {@code to} (exclusive). */
    Var columns(int from, int to);

    SequencedMap<String, Parameter> parameters();

    /** Learned as they are. */
    record Flat(Parameter rows) implements PrefixSource {
        @Override
        public Var columns(int from, int to) {
            return rows.slice(1, from, to);
        }

        @Override
        public SequencedMap<String, Parameter> parameters() {
            return new LinkedHashMap<>(Map.of(SoftPrompt.KEY, rows));
        }
    }

    /**
     * {@code up(tanh(down(E)))} (Li and Liang 2021): E {@code [n,W]}, down to H numbers, up to
     * {@code 2 L W}. A layer computes its own columns alone.
     */
    record Projected(
            Parameter embedding,
            Parameter downWeight,
            Parameter downBias,
            Parameter upWeight,
            Parameter upBias)
            implements PrefixSource {
        @Override
        public Var columns(int from, int to) {
            Var h = embedding.linear(downWeight, downBias).activation(Unary.TANH);
            return h.linear(upWeight.slice(0, from, to), upBias.slice(0, from, to));
        }

        @Override
        public SequencedMap<String, Parameter> parameters() {
            SequencedMap<String, Parameter> all = new LinkedHashMap<>();
            all.put("embedding.weight", embedding);
            all.put("transform.0.weight", downWeight);
            all.put("transform.0.bias", downBias);
            all.put("transform.2.weight", upWeight);
            all.put("transform.2.bias", upBias);
            return all;
        }
    }
}
