package org.lugha.models;

import java.util.Arrays;
import java.util.Locale;
import org.lugha.runtime.Device;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Mask;

/**
 * Rows of ids as a model takes them: one length T for all, padded on the right, with the position
 * of every token in its example and the mask that keeps examples apart.
 *
 * @param ids {@code [B][T]}
 * @param positions {@code [B][T]}; 0 begins an example
 * @param mask what a token may see
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, not compared
public record Tokens(int[][] ids, int[][] positions, Mask mask) {
    /** The label of a position that does not count. */
    public static final int IGNORED = -100;

    /** One example a row. Rows may differ in length: they are padded on the right with id 0. */
    public static Tokens rows(int[]... rows) {
        int length = longest(rows);
        int[][] ids = new int[rows.length][];
        int[][] positions = new int[rows.length][];
        for (int b = 0; b < rows.length; b++) {
            ids[b] = Arrays.copyOf(rows[b], length);
            positions[b] = new int[length];
            Arrays.setAll(positions[b], t -> t);
        }
        return new Tokens(ids, positions, Mask.causal());
    }

    /**
     * Several examples a row, one after the other: {@code lengths[b]} are theirs, what follows them
     * is padding. Attention never crosses examples and positions begin anew with each.
     */
    public static Tokens packed(int[][] rows, int[][] lengths) {
        int length = longest(rows);
        int[][] ids = new int[rows.length][];
        int[][] positions = new int[rows.length][length];
        int[][] firsts = new int[rows.length][length];
        int[][] ends = new int[rows.length][length];
        for (int b = 0; b < rows.length; b++) {
            ids[b] = Arrays.copyOf(rows[b], length);
            int from = 0;
            for (int i = 0; from < length; i++) {
                int end = i < lengths[b].length ? from + lengths[b][i] : length;
                if (end > length) {
                    throw new IllegalArgumentException(
                            String.format(
                                    Locale.ROOT,
                                    "packed: the examples of row %d have %d tokens, the row has %d",
                                    b,
                                    end,
                                    rows[b].length));
                }
                for (int t = from; t < end; t++) {
                    positions[b][t] = t - from;
                    firsts[b][t] = from;
                    ends[b][t] = end;
                }
                from = end;
            }
        }
        return new Tokens(ids, positions, Mask.causal().withSegments(firsts, ends));
    }

    /** B. */
    public int batch() {
        return ids.length;
    }

    /** T. */
    public int length() {
        return ids.length == 0 ? 0 : ids[0].length;
    }

    /**
     * Throws where an id is outside the vocabulary, in one line that says where; devices whose
     * memory the JVM cannot read rely on it.
     */
    void check(int vocabulary) {
        for (int b = 0; b < ids.length; b++) {
            for (int t = 0; t < ids[b].length; t++) {
                check("input_ids", ids[b][t], b, t, vocabulary);
            }
        }
    }

    static void check(String what, int id, int row, int position, int vocabulary) {
        if (id < 0 || id >= vocabulary) {
            throw new RequestException(
                    String.format(
                            Locale.ROOT,
                            "%s: expected ids from 0 to %d, got %d in row %d at position %d; do"
                                    + " tokenizer and model belong together?",
                            what,
                            vocabulary - 1,
                            id,
                            row,
                            position));
        }
    }

    /** I32 {@code [B,T]}. */
    static Tensor tensor(Device device, int[][] rows) {
        int length = rows.length == 0 ? 0 : rows[0].length;
        int[] flat = new int[Math.multiplyExact(rows.length, length)];
        for (int b = 0; b < rows.length; b++) {
            System.arraycopy(rows[b], 0, flat, b * length, length);
        }
        return Tensor.of(device, Shape.of(rows.length, length), flat);
    }

    private static int longest(int[][] rows) {
        return Arrays.stream(rows).mapToInt(r -> r.length).max().orElse(0);
    }
}
