package org.lugha.models.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * chrF of a corpus (Popović 2015): {@code 100 (1 + b^2) P R / (b^2 P + R)} with b = 2 and P, R the
 * mean precision and recall of n-grams of 1 to 6 characters without white space. chrF++ takes in
 * n-grams of 1 and 2 words. An order that one side has no n-gram of is left out of the mean.
 *
 * <p>Counts are summed over the corpus first. Equal to sacrebleu's default.
 */
public final class ChrF {
    private static final int CHARACTERS = 6;
    private static final double BETA_SQUARED = 4;
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private final int words;
    private final long[] hypothesis;
    private final long[] reference;
    private final long[] match;

    private ChrF(int words) {
        this.words = words;
        this.hypothesis = new long[CHARACTERS + words];
        this.reference = new long[CHARACTERS + words];
        this.match = new long[CHARACTERS + words];
    }

    /** chrF (chrF2 in sacrebleu's words) of hypotheses against one reference each. */
    public static Score corpus(List<String> hypotheses, List<String> references) {
        return new ChrF(0).score("chrF2", hypotheses, references);
    }

    /** chrF++ of hypotheses against one reference each. */
    public static Score corpusPlusPlus(List<String> hypotheses, List<String> references) {
        return new ChrF(2).score("chrF2++", hypotheses, references);
    }

    private Score score(String name, List<String> hypotheses, List<String> references) {
        Words.requirePairs(name, hypotheses, references);
        for (int i = 0; i < hypotheses.size(); i++) {
            add(grams(hypotheses.get(i)), grams(references.get(i)));
        }
        return new Score(
                name,
                value(),
                "nrefs:1|case:mixed|eff:yes|nc:"
                        + CHARACTERS
                        + "|nw:"
                        + words
                        + "|space:no|version:2.6.0");
    }

    /** n-gram counts of a line, one map for each order. */
    private List<Map<String, Integer>> grams(String line) {
        List<String> split = Words.split(line);
        int[] text = String.join("", split).codePoints().toArray();
        List<Map<String, Integer>> orders = new ArrayList<>();
        for (int n = 1; n <= CHARACTERS; n++) {
            orders.add(Words.grams(text, n));
        }
        List<String> apart = separatePunctuation(split);
        for (int n = 1; n <= words; n++) {
            orders.add(Words.grams(apart, n));
        }
        return orders;
    }

    private void add(List<Map<String, Integer>> h, List<Map<String, Integer>> r) {
        for (int n = 0; n < h.size(); n++) {
            // A line whose reference has no such n-gram does not count against the hypothesis.
            hypothesis[n] += r.get(n).isEmpty() ? 0 : Words.total(h.get(n));
            reference[n] += Words.total(r.get(n));
            match[n] += Words.matches(h.get(n), r.get(n));
        }
    }

    private double value() {
        double precision = 0;
        double recall = 0;
        int orders = 0;
        for (int n = 0; n < match.length; n++) {
            if (hypothesis[n] > 0 && reference[n] > 0) {
                precision += (double) match[n] / hypothesis[n];
                recall += (double) match[n] / reference[n];
                orders++;
            }
        }
        if (precision + recall == 0) {
            return 0;
        }
        precision /= orders;
        recall /= orders;
        return 100
                * ((1 + BETA_SQUARED) * precision * recall)
                / (BETA_SQUARED * precision + recall);
    }

    /** Takes one sign off the end of a word, or else off its begin. */
    private static List<String> separatePunctuation(List<String> split) {
        List<String> apart = new ArrayList<>();
        for (String w : split) {
            if (w.codePointCount(0, w.length()) == 1) {
                apart.add(w);
            } else if (PUNCTUATION.indexOf(w.charAt(w.length() - 1)) >= 0) {
                apart.add(w.substring(0, w.length() - 1));
                apart.add(w.substring(w.length() - 1));
            } else if (PUNCTUATION.indexOf(w.charAt(0)) >= 0) {
                apart.add(w.substring(0, 1));
                apart.add(w.substring(1));
            } else {
                apart.add(w);
            }
        }
        return apart;
    }
}
