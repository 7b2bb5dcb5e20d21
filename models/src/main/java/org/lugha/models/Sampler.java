package org.lugha.models;

import java.util.Arrays;
import org.lugha.runtime.Philox;

/** How the next token is chosen from its logits. */
public sealed interface Sampler {
    /** The id chosen from logits {@code [V]} for the {@code step}-th new token, counted from 0. */
    int pick(float[] logits, long step);

    /** Always the most likely. */
    static Sampler greedy() {
        return new Greedy();
    }

    /**
     * Greedy at temperature 0, else {@link TopKTopP}.
     *
     * @param topK 0: all
     * @param topP 1: all
     */
    static Sampler of(double temperature, int topK, double topP, long seed) {
        return temperature == 0 ? new Greedy() : new TopKTopP(temperature, topK, topP, seed);
    }

    /** The largest logit; the first of equals. */
    record Greedy() implements Sampler {
        @Override
        public int pick(float[] logits, long step) {
            int best = 0;
            for (int i = 1; i < logits.length; i++) {
                if (logits[i] > logits[best]) {
                    best = i;
                }
            }
            return best;
        }
    }

    /**
     * Draws from {@code softmax(logits / temperature)} cut to the topK largest and then to the
     * fewest whose probabilities reach topP (Holtzman et al. 2020). A function of the seed and the
     * step alone.
     */
    record TopKTopP(double temperature, int topK, double topP, long seed) implements Sampler {
        public TopKTopP {
            if (!(temperature > 0) || topK < 0 || !(topP > 0 && topP <= 1)) {
                throw new IllegalArgumentException(
                        "sampling: expected temperature > 0, top-k >= 0, 0 < top-p <= 1, got "
                                + "%s, %s, %s".formatted(temperature, topK, topP));
            }
        }

        @Override
        public int pick(float[] logits, long step) {
            int[] order = largest(logits, topK == 0 ? logits.length : topK);
            double[] weight = new double[order.length];
            double total = 0;
            for (int i = 0; i < order.length; i++) {
                weight[i] = Math.exp(((double) logits[order[i]] - logits[order[0]]) / temperature);
                total += weight[i];
            }
            double kept = 0;
            int n = 0;
            while (n < order.length && (n == 0 || kept < topP * total)) {
                kept += weight[n++];
            }
            double u = Philox.uniform(seed, step) * kept;
            int chosen = 0;
            while (chosen < n - 1 && u >= weight[chosen]) {
                u -= weight[chosen++];
            }
            return order[chosen];
        }

        /** Indices of the n largest, largest first, equals by index. */
        static int[] largest(float[] logits, int n) {
            long[] keys = new long[logits.length];
            for (int i = 0; i < keys.length; i++) {
                int bits = Float.floatToIntBits(logits[i]);
                int ascending = bits ^ ((bits >> 31) & Integer.MAX_VALUE); // orders as floats do
                keys[i] = ((long) ~ascending << 32) | i;
            }
            Arrays.sort(keys);
            int[] order = new int[Math.min(n, keys.length)];
            Arrays.setAll(order, i -> (int) keys[i]);
            return order;
        }
    }
}
