package org.lugha.models.tokenizer;

import java.util.Arrays;
import java.util.List;

/**
 * A tokenizer with new tokens behind all it had.
 *
 * @param tokenizer the new one
 * @param first id of the first new token; the others follow it
 * @param tokens the new ones as the vocabulary has them
 * @param parts for each new token the ids that spelled it before
 * @param before tokens of the text it was learned from, as the old one cuts it
 * @param after the same as the new one cuts it
 */
public record Extension(
        Tokenizer tokenizer,
        int first,
        List<String> tokens,
        List<int[]> parts,
        long before,
        long after) {

    public Extension {
        tokens = List.copyOf(tokens);
        parts = parts.stream().map(p -> Arrays.copyOf(p, p.length)).toList();
    }
}
