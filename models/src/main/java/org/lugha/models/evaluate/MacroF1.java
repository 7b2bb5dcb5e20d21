package org.lugha.models.evaluate;

import java.util.List;

/**
 * The mean of the classes' F1, from 0 to 1, as scikit-learn's f1_score with {@code
 * average="macro"}. Classes are those that occur among hypotheses or references; an F1 that is
 * undefined is 0.
 */
public record MacroF1() implements CorpusMetric {
    @Override
    public Score score(List<String> hypotheses, List<List<String>> references) {
        Words.requirePairs("macro-f1", hypotheses, references);
        LabelReport report = LabelReport.of(hypotheses, LabelReport.only(references));
        return new Score("macro-f1", report.macroF1(), report.signature());
    }
}
