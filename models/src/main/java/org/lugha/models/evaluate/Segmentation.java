package org.lugha.models.evaluate;

import java.util.List;

/** What BLEU counts as a word. */
public sealed interface Segmentation permits RuleSegmentation, PieceSegmentation {
    /** The name in signatures. */
    String signature();

    /** The words of a line that has no white space at its end. */
    List<String> words(String line);
}
