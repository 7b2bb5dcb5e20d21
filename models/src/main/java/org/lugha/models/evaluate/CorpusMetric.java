package org.lugha.models.evaluate;

import java.util.List;
import java.util.Locale;

/** How well lines of text match their references. Each kind is a record of its settings. */
public sealed interface CorpusMetric permits Bleu, ChrF, Ter, ExactMatch, Accuracy, MacroF1 {
    /** Metrics by the names that commands and settings use. */
    List<String> NAMES =
            List.of("bleu", "chrf", "chrf++", "ter", "exact_match", "accuracy", "macro-f1");

    /**
     * The score of a whole corpus.
     *
     * @param hypotheses one a line
     * @param references by reference: each a list of as many lines as there are hypotheses
     * @throws IllegalArgumentException where the numbers of lines differ or there is none
     */
    Score score(List<String> hypotheses, List<List<String>> references);

    /** The score of one line, as that of a corpus of one line. */
    default Score sentence(String hypothesis, List<String> references) {
        return score(List.of(hypothesis), references.stream().map(List::of).toList());
    }

    /** A metric of {@link #NAMES} with its usual settings; {@code _} may stand for {@code -}. */
    static CorpusMetric of(String name) {
        return switch (name.toLowerCase(Locale.ROOT).replace('_', '-')) {
            case "bleu" -> new Bleu();
            case "chrf" -> new ChrF();
            case "chrf++" -> ChrF.plusPlus();
            case "ter" -> new Ter();
            case "exact-match" -> new ExactMatch();
            case "accuracy" -> new Accuracy();
            case "macro-f1" -> new MacroF1();
            default ->
                    throw new IllegalArgumentException(
                            "metric: expected one of " + NAMES + ", got '" + name + "'");
        };
    }
}
