package org.lugha.models.evaluate;

import java.util.List;

/** The share of hypotheses that are one of their references, char by char, in percent. */
public record ExactMatch() implements CorpusMetric {
    /** Exact match of hypotheses against one reference each. */
    public static Score corpus(List<String> hypotheses, List<String> references) {
        return new ExactMatch().score(hypotheses, List.of(references));
    }

    @Override
    public Score score(List<String> hypotheses, List<List<String>> references) {
        Words.requirePairs("exact match", hypotheses, references);
        int equal = 0;
        for (int i = 0; i < hypotheses.size(); i++) {
            int line = i;
            String made = hypotheses.get(i);
            equal += references.stream().anyMatch(r -> r.get(line).equals(made)) ? 1 : 0;
        }
        String signature = "nrefs:" + references.size() + "|case:mixed";
        return new Score("exact", 100.0 * equal / hypotheses.size(), signature);
    }
}
