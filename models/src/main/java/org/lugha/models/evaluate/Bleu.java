package org.lugha.models.evaluate;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * BLEU of a corpus (Papineni et al. 2002): {@code 100 exp(min(0, 1 - r/h)) (p1 p2 p3 p4)^(1/4)}
 * with h, r the words of hypotheses and references and pn the share of the hypotheses' n-grams that
 * are in their reference.
 *
 * <p>Words are those of mteval-v13a; a precision of 0 is smoothed exponentially: the k-th such is
 * {@code 1 / (2^k total)}. Equal to sacrebleu's default.
 */
public final class Bleu {
    private static final int ORDER = 4;
    private static final String SIGNATURE =
            "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:2.6.0";

    /** ASCII punctuation but ' , - . stands alone. */
    private static final Pattern SIGNS = Pattern.compile("([{-~\\[-` -&(-+:-@/])");

    private static final Pattern POINT_AFTER = Pattern.compile("([^0-9])([.,])");
    private static final Pattern POINT_BEFORE = Pattern.compile("([.,])([^0-9])");
    private static final Pattern DASH = Pattern.compile("([0-9])(-)");

    private final long[] correct = new long[ORDER];
    private final long[] total = new long[ORDER];
    private long hypothesisWords;
    private long referenceWords;

    private Bleu() {}

    /** BLEU of hypotheses against one reference each. */
    public static Score corpus(List<String> hypotheses, List<String> references) {
        Words.requirePairs("BLEU", hypotheses, references);
        Bleu bleu = new Bleu();
        for (int i = 0; i < hypotheses.size(); i++) {
            bleu.add(tokenize(hypotheses.get(i)), tokenize(references.get(i)));
        }
        return new Score("BLEU", bleu.value(), SIGNATURE);
    }

    private void add(List<String> hypothesis, List<String> reference) {
        hypothesisWords += hypothesis.size();
        referenceWords += reference.size();
        for (int n = 1; n <= ORDER; n++) {
            Map<String, Integer> grams = Words.grams(hypothesis, n);
            total[n - 1] += Words.total(grams);
            correct[n - 1] += Words.matches(grams, Words.grams(reference, n));
        }
    }

    private double value() {
        if (correct[0] == 0) {
            return 0; // no word in common, hence no longer n-gram
        }
        double smooth = 1;
        double logs = 0;
        for (int n = 0; n < ORDER; n++) {
            if (total[n] == 0) {
                return 0; // every hypothesis is too short for this order
            }
            double share = correct[n];
            if (correct[n] == 0) {
                smooth *= 2;
                share = 1 / smooth;
            }
            logs += Math.log(100 * share / total[n]);
        }
        double brevity =
                hypothesisWords < referenceWords
                        ? Math.exp(1 - (double) referenceWords / hypothesisWords)
                        : 1;
        return brevity * Math.exp(logs / ORDER);
    }

    /** The words of mteval-v13a. */
    static List<String> tokenize(String line) {
        String s =
                Words.stripEnd(line)
                        .replace("<skipped>", "")
                        .replace("-\n", "")
                        .replace("\n", " ")
                        .replace("&quot;", "\"")
                        .replace("&amp;", "&")
                        .replace("&lt;", "<")
                        .replace("&gt;", ">");
        s = SIGNS.matcher(" " + s + " ").replaceAll(" $1 ");
        s = POINT_AFTER.matcher(s).replaceAll("$1 $2 ");
        s = POINT_BEFORE.matcher(s).replaceAll(" $1 $2");
        return Words.split(DASH.matcher(s).replaceAll("$1 $2 "));
    }
}
