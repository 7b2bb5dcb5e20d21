package org.lugha.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.lugha.nn.KvCache;

/**
 * Token after token with a cache: one pass over the prompts, then one token a row and pass. Prompts
 * of unequal length are padded on the left, where a row's mask hides it, so that the cache stays
 * one run of keys a row.
 */
final class Generation {
    private final CausalLM model;
    private final int maxNewTokens;
    private final GenerationOptions options;
    private final Set<Integer> endIds;

    Generation(CausalLM model, GenerationOptions options) {
        this.model = model;
        this.maxNewTokens = options.maxNewTokens();
        this.options = options;
        this.endIds = new HashSet<>(options.endIds());
    }

    List<int[]> run(List<int[]> prompts) {
        int length = requireRoom(prompts, maxNewTokens);
        int samplers = options.rowSamplers().size();
        if (samplers != 0 && samplers != prompts.size()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "generate: expected a sampler a prompt, got %d for %d",
                            samplers,
                            prompts.size()));
        }
        if (prompts.isEmpty() || maxNewTokens <= 0) {
            return prompts.stream().map(_ -> new int[0]).toList();
        }
        Tokens.rows(prompts.toArray(int[][]::new)).check(model.vocabularySize());
        try (KvCache cache = model.cache(prompts.size(), length + maxNewTokens - 1)) {
            return decode(prompts, length, cache);
        }
    }

    /** The longest prompt's length; refuses empty ones and what cannot be counted. */
    static int requireRoom(List<int[]> prompts, int maxNewTokens) {
        int length = 0;
        for (int b = 0; b < prompts.size(); b++) {
            if (prompts.get(b).length == 0) {
                throw new RequestException(
                        String.format(
                                        Locale.ROOT,
                                        "generate: prompt %d is empty; begin with at least one token, such as the",
                                        b)
                                + " one that begins a text");
            }
            length = Math.max(length, prompts.get(b).length);
        }
        if (maxNewTokens > Integer.MAX_VALUE - length) {
            throw new RequestException(
                    "generate: "
                            + maxNewTokens
                            + " new tokens behind a prompt of "
                            + length
                            + " are more than can be counted; ask for fewer");
        }
        return length;
    }

    private List<int[]> decode(List<int[]> prompts, int length, KvCache cache) {
        int batch = prompts.size();
        int[] pads = new int[batch];
        int[][] next = new int[batch][length];
        for (int b = 0; b < batch; b++) {
            int[] prompt = prompts.get(b);
            pads[b] = length - prompt.length;
            System.arraycopy(prompt, 0, next[b], pads[b], prompt.length);
        }
        int[][] made = new int[batch][maxNewTokens];
        int[] count = new int[batch];
        boolean[] done = new boolean[batch];
        boolean[][] held = held(prompts, model.vocabularySize());
        LastLogits last = new LastLogits(model, pads, cache);
        for (int step = 0; step < maxNewTokens && !all(done); step++) {
            float[][] logits = last.of(next, done);
            next = new int[batch][1];
            for (int b = 0; b < batch; b++) {
                if (!done[b]) {
                    options.penalize(logits[b], held[b]);
                    next[b][0] = options.sampler(b).pick(logits[b], step);
                    made[b][count[b]++] = next[b][0];
                    held[b][next[b][0]] = true;
                    boolean stopped = options.watcher().isDone(b, Arrays.copyOf(made[b], count[b]));
                    done[b] = stopped || endIds.contains(next[b][0]);
                }
            }
        }
        List<int[]> out = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            out.add(Arrays.copyOf(made[b], count[b]));
        }
        return out;
    }

    /** Which tokens each prompt holds. */
    static boolean[][] held(List<int[]> prompts, int vocabulary) {
        boolean[][] held = new boolean[prompts.size()][vocabulary];
        for (int b = 0; b < held.length; b++) {
            for (int id : prompts.get(b)) {
                held[b][id] = true;
            }
        }
        return held;
    }

    private static boolean all(boolean[] done) {
        for (boolean d : done) {
            if (!d) {
                return false;
            }
        }
        return true;
    }
}
