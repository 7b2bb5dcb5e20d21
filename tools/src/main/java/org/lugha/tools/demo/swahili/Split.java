package org.lugha.tools.demo.swahili;

import java.util.List;

/**
 * Sentences to learn from and sentences that combine words never seen together in them; see {@link
 * PhraseGrammar#split}.
 *
 * @param train pairs without any reserved combination of words
 * @param heldOut pairs with at least one reserved combination, all of whose words occur in {@code
 *     train}
 */
public record Split(List<Pair> train, List<Pair> heldOut) {
    /** Copies both lists. */
    public Split {
        train = List.copyOf(train);
        heldOut = List.copyOf(heldOut);
    }
}
