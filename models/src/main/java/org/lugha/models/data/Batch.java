package org.lugha.models.data;

import java.util.Arrays;
import java.util.List;
import org.lugha.models.Tokens;

/**
 * Rows padded on the right to one length, {@code [B,T]}. Padding has id 0 and never counts; under a
 * causal mask no real token sees it, so which id it has does not matter.
 */
public record Batch(int[][] ids, int[][] labels, int tokens, int counted) {
    public static Batch of(List<Example> rows) {
        int width = rows.stream().mapToInt(e -> e.ids().length).max().orElse(0);
        int[][] ids = new int[rows.size()][width];
        int[][] labels = new int[rows.size()][width];
        int tokens = 0;
        int counted = 0;
        for (int b = 0; b < ids.length; b++) {
            Example e = rows.get(b);
            int n = e.ids().length;
            System.arraycopy(e.ids(), 0, ids[b], 0, n);
            System.arraycopy(e.labels(), 0, labels[b], 0, n);
            Arrays.fill(labels[b], n, width, Example.NOT_COUNTED);
            tokens += n;
            counted += e.counted();
        }
        return new Batch(ids, labels, tokens, counted);
    }

    /** As the model takes them: one example a row. */
    public Tokens rows() {
        return Tokens.rows(ids);
    }
}
