package org.lugha.models.evaluate;

import java.util.List;

/** The share of labels that are right, from 0 to 1, as scikit-learn's accuracy_score. */
public record Accuracy() implements CorpusMetric {
    @Override
    public Score score(List<String> hypotheses, List<List<String>> references) {
        Words.requirePairs("accuracy", hypotheses, references);
        LabelReport report = LabelReport.of(hypotheses, LabelReport.only(references));
        return new Score("accuracy", report.accuracy(), report.signature());
    }
}
