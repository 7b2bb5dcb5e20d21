package org.lugha.models.evaluate;

import java.util.List;

/** The share of hypotheses that are their reference, char by char, in percent. */
public final class ExactMatch {
    private ExactMatch() {}

    /** Exact match of hypotheses against one reference each. */
    public static Score corpus(List<String> hypotheses, List<String> references) {
        Words.requirePairs("exact match", hypotheses, references);
        int equal = 0;
        for (int i = 0; i < hypotheses.size(); i++) {
            equal += hypotheses.get(i).equals(references.get(i)) ? 1 : 0;
        }
        return new Score("exact", 100.0 * equal / hypotheses.size(), "nrefs:1|case:mixed");
    }
}
