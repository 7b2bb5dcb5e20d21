package org.lugha.models.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * BLEU of a corpus (Papineni et al. 2002): {@code 100 exp(min(0, 1 - r/h)) (p1 p2 p3 p4)^(1/4)}
 * with h, r the words of hypotheses and references and pn the share of the hypotheses' n-grams that
 * are in their reference. Of several references an n-gram counts as often as in the one that has it
 * most often, and r is the length nearest to the hypothesis' (the shorter of two).
 *
 * <p>Equal to sacrebleu's, its default with the default settings.
 *
 * @param segmentation what is a word
 * @param lowercase whether upper and lower case are the same
 * @param smoothing of precisions that are 0
 * @param effectiveOrder whether orders that every hypothesis is too short for are left out, rather
 *     than making the score 0: for single sentences
 */
public record Bleu(
        Segmentation segmentation, boolean lowercase, Smoothing smoothing, boolean effectiveOrder)
        implements CorpusMetric {
    private static final int ORDER = 4;

    /** With the words of mteval-v13a. */
    public Bleu() {
        this(RuleSegmentation.V13A, false, Smoothing.EXP, false);
    }

    /** BLEU of hypotheses against one reference each. */
    public static Score corpus(List<String> hypotheses, List<String> references) {
        return new Bleu().score(hypotheses, List.of(references));
    }

    @Override
    public Score score(List<String> hypotheses, List<List<String>> references) {
        Words.requirePairs("BLEU", hypotheses, references);
        Counts counts = new Counts();
        for (int i = 0; i < hypotheses.size(); i++) {
            List<List<String>> lines = new ArrayList<>();
            for (List<String> reference : references) {
                lines.add(words(reference.get(i)));
            }
            counts.add(words(hypotheses.get(i)), lines);
        }
        return new Score("BLEU", counts.value(), signature(references.size()));
    }

    @Override
    public Score sentence(String hypothesis, List<String> references) {
        return new Bleu(segmentation, lowercase, smoothing, true)
                .score(List.of(hypothesis), references.stream().map(List::of).toList());
    }

    private List<String> words(String line) {
        return segmentation.words(Words.stripEnd(lowercase ? Words.lower(line) : line));
    }

    private String signature(int references) {
        return Words.signature(
                references,
                lowercase,
                "eff:"
                        + (effectiveOrder ? "yes" : "no")
                        + "|tok:"
                        + segmentation.signature()
                        + "|smooth:"
                        + smoothing.signature());
    }

    /** What is summed over the corpus. */
    private final class Counts {
        private final long[] correct = new long[ORDER];
        private final long[] total = new long[ORDER];
        private long hypothesisWords;
        private long referenceWords;

        void add(List<String> hypothesis, List<List<String>> references) {
            hypothesisWords += hypothesis.size();
            referenceWords += nearest(hypothesis.size(), references);
            for (int n = 1; n <= ORDER; n++) {
                Map<String, Integer> most = new HashMap<>();
                for (List<String> reference : references) {
                    Words.grams(reference, n).forEach((g, c) -> most.merge(g, c, Math::max));
                }
                Map<String, Integer> grams = Words.grams(hypothesis, n);
                total[n - 1] += Words.total(grams);
                correct[n - 1] += Words.matches(grams, most);
            }
        }

        private static int nearest(int length, List<List<String>> references) {
            int best = references.getFirst().size();
            for (List<String> reference : references) {
                int far = Math.abs(reference.size() - length) - Math.abs(best - length);
                best = far < 0 || far == 0 && reference.size() < best ? reference.size() : best;
            }
            return best;
        }

        double value() {
            if (correct[0] == 0) {
                return 0; // no word in common, hence no longer n-gram
            }
            double unseen = 1;
            double logs = 0;
            int orders = 0;
            while (orders < ORDER) {
                double added = orders == 0 ? 0 : smoothing.added();
                double share = correct[orders] + added;
                double all = total[orders] + added;
                if (all == 0) {
                    break;
                }
                if (share == 0) {
                    unseen *= 2;
                    share = smoothing.share(unseen);
                }
                logs += Math.log(100 * share / all);
                orders++;
            }
            if (orders < ORDER && !effectiveOrder) {
                return 0; // every hypothesis is too short for some order
            }
            double brevity =
                    hypothesisWords < referenceWords
                            ? Math.exp(1 - (double) referenceWords / hypothesisWords)
                            : 1;
            return brevity * Math.exp(logs / orders);
        }
    }
}
