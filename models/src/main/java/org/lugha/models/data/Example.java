package org.lugha.models.data;

import java.util.Arrays;

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
}
