package org.lugha.models.data;

import java.util.Arrays;
import java.util.List;
import org.lugha.models.Tokens;

/**
 * Rows padded on the right to one length, {@code [B,T]}. Padding has id 0 and never counts; under a
 * causal mask no real token sees it, so which id it has does not matter.
 *
 * @param lengths of the examples in each row, in order; empty where each row is one example
 * @param tokens without padding
 * @param counted by the loss
 * @param members the examples' numbers in the stream they came from, row by row; empty where they
 *     came from none
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, not compared
public record Batch(
        int[][] ids, int[][] labels, int[][] lengths, int tokens, int counted, int[] members) {
    private static final int[][] WHOLE = {};

    /** One example a row. */
    public static Batch of(List<Example> rows) {
        return of(rows, new int[0]);
    }

    static Batch of(List<Example> rows, int... members) {
        Batch b = packed(rows.stream().map(List::of).toList(), members);
        return new Batch(b.ids, b.labels, WHOLE, b.tokens, b.counted, members);
    }

    /** Several examples a row, none of which sees another. */
    public static Batch packed(List<List<Example>> rows) {
        return packed(rows, new int[0]);
    }

    static Batch packed(List<List<Example>> rows, int... members) {
        int[][] lengths = new int[rows.size()][];
        int width = 0;
        int counted = 0;
        for (int b = 0; b < lengths.length; b++) {
            lengths[b] = rows.get(b).stream().mapToInt(e -> e.ids().length).toArray();
            width = Math.max(width, Arrays.stream(lengths[b]).sum());
            counted += rows.get(b).stream().mapToInt(Example::counted).sum();
        }
        int[][] ids = new int[lengths.length][width];
        int[][] labels = new int[lengths.length][width];
        int tokens = 0;
        for (int b = 0; b < ids.length; b++) {
            int at = 0;
            for (Example e : rows.get(b)) {
                System.arraycopy(e.ids(), 0, ids[b], at, e.ids().length);
                System.arraycopy(e.labels(), 0, labels[b], at, e.ids().length);
                at += e.ids().length;
            }
            Arrays.fill(labels[b], at, width, Example.NOT_COUNTED);
            tokens += at;
        }
        return new Batch(ids, labels, lengths, tokens, counted, members);
    }

    /** As the model takes them. */
    public Tokens rows() {
        return lengths.length == 0 ? Tokens.rows(ids) : Tokens.packed(ids, lengths);
    }
}
