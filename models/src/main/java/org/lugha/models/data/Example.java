package org.lugha.models.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One row of training data.
 *
 * @param ids tokens
 * @param labels the same ids where the token counts in the loss, {@link #NOT_COUNTED} elsewhere;
 *     aligned with ids as in Hugging Face's files: the shift by one happens in the loss
 * @param language of the data file it came from
 */
public record Example(int[] ids, int[] labels, String language) {
    /** Label of a token that the loss skips. */
    public static final int NOT_COUNTED = -100;

    /** Tokens that the loss counts; the first one has no context to be predicted from. */
    public int counted() {
        int n = 0;
        for (int t = 1; t < labels.length; t++) {
            n += labels[t] == NOT_COUNTED ? 0 : 1;
        }
        return n;
    }

    /** The first {@code length} tokens. */
    public Example cut(int length) {
        return length >= ids.length
                ? this
                : new Example(Arrays.copyOf(ids, length), Arrays.copyOf(labels, length), language);
    }

    /**
     * All of it in parts of at most {@code length} tokens. Each begins with the last token of the
     * one before, which counts there and is context here, so that every token counts once.
     */
    List<Example> split(int length) {
        if (length >= ids.length) {
            return List.of(this);
        }
        List<Example> parts = new ArrayList<>();
        for (int from = 0; from + 1 < ids.length; from += length - 1) {
            int to = Math.min(ids.length, from + length);
            parts.add(
                    new Example(
                            Arrays.copyOfRange(ids, from, to),
                            Arrays.copyOfRange(labels, from, to),
                            language));
        }
        return parts;
    }
}
