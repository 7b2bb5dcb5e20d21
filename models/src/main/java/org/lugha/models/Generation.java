package org.lugha.models;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lugha.nn.KvCache;
import org.lugha.nn.Pass;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Mask;

/**
 * Token after token with a cache: one pass over the prompts, then one token a row and pass. Prompts
 * of unequal length are padded on the left, where a row's mask hides it, so that the cache stays
 * one run of keys a row.
 */
final class Generation {
    private final CausalLM model;
    private final int maxNewTokens;
    private final Sampler sampler;
    private final Set<Integer> endIds;

    Generation(CausalLM model, int maxNewTokens, Sampler sampler, List<Integer> endIds) {
        this.model = model;
        this.maxNewTokens = maxNewTokens;
        this.sampler = sampler;
        this.endIds = new HashSet<>(endIds);
    }

    List<int[]> run(List<int[]> prompts) {
        int length = 0;
        for (int b = 0; b < prompts.size(); b++) {
            if (prompts.get(b).length == 0) {
                throw new RequestException(
                        "generate: prompt %d is empty; begin with at least one token, such as the"
                                        .formatted(b)
                                + " one that begins a text");
            }
            length = Math.max(length, prompts.get(b).length);
        }
        if (prompts.isEmpty() || maxNewTokens <= 0) {
            return prompts.stream().map(_ -> new int[0]).toList();
        }
        if (maxNewTokens > Integer.MAX_VALUE - length) {
            throw new RequestException(
                    "generate: "
                            + maxNewTokens
                            + " new tokens behind a prompt of "
                            + length
                            + " are more than can be counted; ask for fewer");
        }
        Tokens.rows(prompts.toArray(int[][]::new)).check(model.vocabularySize());
        try (KvCache cache = model.cache(prompts.size(), length + maxNewTokens - 1)) {
            return decode(prompts, length, cache);
        }
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
        for (int step = 0; step < maxNewTokens && !all(done); step++) {
            float[][] logits = step(next, pads, cache);
            next = new int[batch][1];
            for (int b = 0; b < batch; b++) {
                if (!done[b]) {
                    next[b][0] = sampler.pick(logits[b], step);
                    made[b][count[b]++] = next[b][0];
                    done[b] = endIds.contains(next[b][0]);
                }
            }
        }
        List<int[]> out = new ArrayList<>();
        for (int b = 0; b < batch; b++) {
            out.add(Arrays.copyOf(made[b], count[b]));
        }
        return out;
    }

    /** Logits of the last position of each row, after the cache has taken in all of them. */
    private float[][] step(int[][] ids, int[] pads, KvCache cache) {
        int fresh = ids[0].length;
        int[][] positions = new int[ids.length][fresh];
        int[][] firsts = new int[ids.length][fresh];
        int[][] ends = new int[ids.length][fresh];
        for (int b = 0; b < ids.length; b++) {
            for (int t = 0; t < fresh; t++) {
                positions[b][t] = Math.max(0, cache.length() + t - pads[b]);
                firsts[b][t] = pads[b];
                ends[b][t] = Integer.MAX_VALUE;
            }
        }
        boolean padded = Arrays.stream(pads).anyMatch(p -> p > 0);
        Mask mask = padded ? Mask.causal().withSegments(firsts, ends) : Mask.causal();
        try (var _ = Scope.open("generate")) {
            Tensor at = Tokens.tensor(model.device(), positions);
            Tensor logits = model.last(ids, new Pass(false, 0, mask, at, cache));
            cache.advance(fresh);
            float[] flat = floats(logits);
            float[][] rows = new float[ids.length][];
            int width = logits.dim(-1);
            for (int b = 0; b < rows.length; b++) {
                rows[b] = Arrays.copyOfRange(flat, b * width, (b + 1) * width);
            }
            return rows;
        }
    }

    private static float[] floats(Tensor t) {
        if (t.dtype() == DType.F32 && t.device().isHost()) {
            return t.memory().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
        double[] wide = t.toArray();
        float[] out = new float[wide.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) wide[i];
        }
        return out;
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
