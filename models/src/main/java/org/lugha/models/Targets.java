package org.lugha.models;

import java.util.Arrays;
import java.util.Locale;
import org.lugha.runtime.Device;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;

/**
 * The positions that count and what each must predict: labels shifted left by one, as in Hugging
 * Face's models. The first token of an example is never predicted.
 *
 * @param rows {@code b T + t} of each counted position, in order
 * @param labels the token after it
 * @param perRow how many count in each row of the batch
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, not compared
record Targets(int[] rows, int[] labels, int[] perRow) {

    /** Labels may be shorter than the rows; what they lack does not count. */
    static Targets of(Tokens tokens, int[][] labels, int vocabulary) {
        if (labels.length != tokens.batch()) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "labels: expected %d rows, as many as input_ids, got %d",
                            tokens.batch(),
                            labels.length));
        }
        int length = tokens.length();
        int[] rows = new int[tokens.batch() * length];
        int[] wanted = new int[rows.length];
        int[] perRow = new int[tokens.batch()];
        int n = 0;
        for (int b = 0; b < tokens.batch(); b++) {
            for (int t = 0; t + 1 < Math.min(length, labels[b].length); t++) {
                int label = labels[b][t + 1];
                if (label == Tokens.IGNORED || tokens.positions()[b][t + 1] == 0) {
                    continue;
                }
                Tokens.check("labels", label, b, t + 1, vocabulary);
                rows[n] = b * length + t;
                wanted[n++] = label;
                perRow[b]++;
            }
        }
        return new Targets(Arrays.copyOf(rows, n), Arrays.copyOf(wanted, n), perRow);
    }

    int count() {
        return rows.length;
    }

    static Tensor tensor(Device device, int[] values) {
        return Tensor.of(device, Shape.of(values.length), values);
    }
}
