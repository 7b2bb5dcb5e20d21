package org.lugha.models;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.lugha.nn.KvCache;
import org.lugha.nn.Pass;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Mask;

/**
 * What comes next in rows that a cache remembers.
 *
 * @param pads tokens on the left of each row that stand for nothing
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LastLogits(CausalLM model, int[] pads, KvCache cache) {
    /** Logits of the last position of each row, after the cache has taken in all of them. */
    float[][] of(int[][] ids) {
        return of(ids, new boolean[ids.length]);
    }

    /**
     * As {@link #of(int[][])}; rows that are done stand at position 0 from then on, whatever the
     * others have room for.
     */
    float[][] of(int[][] given, boolean[] done) {
        int places = cache.length() == 0 ? Prompted.count(model) : 0;
        int[][] ids = places == 0 ? given : Prompted.behind(pads, given, places);
        int fresh = ids[0].length;
        int[][] positions = new int[ids.length][fresh];
        int[][] firsts = new int[ids.length][fresh];
        int[][] ends = new int[ids.length][fresh];
        for (int b = 0; b < ids.length; b++) {
            for (int t = 0; t < fresh; t++) {
                positions[b][t] = done[b] ? 0 : Math.max(0, cache.length() + t - pads[b]);
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
}
