package org.lugha.models.tokenizer;

/**
 * The tokens of a text: token i has id {@code ids[i]} and came from the chars {@code starts[i]}
 * (inclusive) to {@code ends[i]} (exclusive) of the text that was encoded, counted as {@link
 * String} counts them.
 *
 * <p>Tokens that hold a part of a character have the whole character's range. Tokens that the
 * post-processor adds have an empty range at the text's begin or end.
 */
@SuppressWarnings("ArrayRecordComponent") // ids go into tensors as they are; never compared
public record Encoding(int[] ids, int[] starts, int[] ends) {
    /** Number of tokens. */
    public int size() {
        return ids.length;
    }
}
