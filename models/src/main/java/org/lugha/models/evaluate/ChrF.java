package org.lugha.models.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * chrF of a corpus (Popović 2015): {@code 100 (1 + b^2) P R / (b^2 P + R)} with P, R the mean
 * precision and recall of n-grams of 1 to 6 characters without white space. chrF++ takes in n-grams
 * of 1 and 2 words. An order that one side has no n-gram of is left out of the mean. Of several
 * references each line is compared with the one that its chrF is best with.
 *
 * <p>Counts are summed over the corpus first. Equal to sacrebleu's, its default with the default
 * settings.
 *
 * @param characters the longest n-grams of characters
 * @param words the longest n-grams of words; 0 for none
 * @param beta how many times as much recall weighs as precision
 * @param whitespace whether white space is a character too
 */
public record ChrF(int characters, int words, int beta, boolean lowercase, boolean whitespace)
        implements CorpusMetric {
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    public ChrF {
        if (characters < 1 || words < 0 || beta < 1) {
            throw new IllegalArgumentException(
                    "chrF: expected at least 1 character, 0 words and beta 1, got "
                            + characters
                            + ", "
                            + words
                            + " and "
                            + beta);
        }
    }

    /** chrF2. */
    public ChrF() {
        this(6, 0, 2, false, false);
    }

    /** chrF2++. */
    public static ChrF plusPlus() {
        return new ChrF(6, 2, 2, false, false);
    }

    /** chrF (chrF2 in sacrebleu's words) of hypotheses against one reference each. */
    public static Score corpus(List<String> hypotheses, List<String> references) {
        return new ChrF().score(hypotheses, List.of(references));
    }

    /** chrF++ of hypotheses against one reference each. */
    public static Score corpusPlusPlus(List<String> hypotheses, List<String> references) {
        return plusPlus().score(hypotheses, List.of(references));
    }

    @Override
    public Score score(List<String> hypotheses, List<List<String>> references) {
        String name = "chrF" + beta + "+".repeat(words);
        Words.requirePairs(name, hypotheses, references);
        Counts all = new Counts(characters + words);
        for (int i = 0; i < hypotheses.size(); i++) {
            List<Map<String, Integer>> made = grams(hypotheses.get(i));
            Counts best = null;
            for (List<String> reference : references) {
                Counts line = new Counts(characters + words);
                line.count(made, grams(reference.get(i)));
                best = best == null || line.score(beta) > best.score(beta) ? line : best;
            }
            all.add(best);
        }
        String more =
                "eff:yes|nc:"
                        + characters
                        + "|nw:"
                        + words
                        + "|space:"
                        + (whitespace ? "yes" : "no");
        return new Score(
                name, all.score(beta), Words.signature(references.size(), lowercase, more));
    }

    /** n-gram counts of a line, one map for each order. */
    private List<Map<String, Integer>> grams(String line) {
        String cased = lowercase ? Words.lower(line) : line;
        List<String> split = Words.split(cased);
        int[] text = (whitespace ? cased : String.join("", split)).codePoints().toArray();
        List<Map<String, Integer>> orders = new ArrayList<>();
        for (int n = 1; n <= characters; n++) {
            orders.add(Words.grams(text, n));
        }
        List<String> apart = words == 0 ? List.of() : separatePunctuation(split);
        for (int n = 1; n <= words; n++) {
            orders.add(Words.grams(apart, n));
        }
        return orders;
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

    /** n-grams of hypotheses, of references and common to both, by order. */
    private static final class Counts {
        private final long[] hypothesis;
        private final long[] reference;
        private final long[] match;

        Counts(int orders) {
            hypothesis = new long[orders];
            reference = new long[orders];
            match = new long[orders];
        }

        void count(List<Map<String, Integer>> h, List<Map<String, Integer>> r) {
            for (int n = 0; n < h.size(); n++) {
                // A line whose reference has no such n-gram does not count against the hypothesis.
                hypothesis[n] = r.get(n).isEmpty() ? 0 : Words.total(h.get(n));
                reference[n] = Words.total(r.get(n));
                match[n] = Words.matches(h.get(n), r.get(n));
            }
        }

        void add(Counts line) {
            for (int n = 0; n < match.length; n++) {
                hypothesis[n] += line.hypothesis[n];
                reference[n] += line.reference[n];
                match[n] += line.match[n];
            }
        }

        double score(int beta) {
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
            double factor = (double) beta * beta;
            return 100 * ((1 + factor) * precision * recall) / (factor * precision + recall);
        }
    }
}
