package org.lugha.models.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Scores for new pieces of a Unigram whose own stay as they are: the logarithm of a piece's share
 * of all tokens, counted over the best segmentations, which depend on the scores, a few times over.
 */
record UnigramGrowth(Unigram old, Map<String, long[]> words) {
    private static final int ROUNDS = 3;

    /** How often pieces stand in the best segmentations, and all tokens of these. */
    private record Counts(Map<String, Long> of, long all) {}

    /**
     * The pieces that save most with their scores, characters before all others.
     *
     * @param found pieces and how often they stood in the text when they were found
     */
    Map<String, Double> best(Map<String, Long> found, Set<String> characters, int wanted) {
        Counts counts = new Counts(found, counts(Map.of()).all);
        Map<String, Double> scores = scores(counts);
        for (int i = 0; i < ROUNDS; i++) {
            counts = counts(scores);
            scores = scores(counts);
        }
        Map<String, Double> spelled = new LinkedHashMap<>(scores);
        spelled.keySet().retainAll(characters);
        Unigram without = old.with(spelled);
        Map<String, Double> gains = new HashMap<>();
        for (String piece : found.keySet()) {
            double gain = counts.of.get(piece) * (scores.get(piece) - without.score(piece));
            gains.put(piece, characters.contains(piece) ? Double.POSITIVE_INFINITY : gain);
        }
        List<String> order = new ArrayList<>(found.keySet());
        order.sort(Comparator.<String>comparingDouble(gains::get).reversed());
        Map<String, Double> kept = new LinkedHashMap<>();
        for (String piece : order.subList(0, Math.min(wanted, order.size()))) {
            kept.put(piece, scores.get(piece));
        }
        for (int i = 0; i < ROUNDS; i++) {
            counts = counts(kept);
            kept = scores(counts);
        }
        return kept;
    }

    private Map<String, Double> scores(Counts counts) {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (var e : counts.of.entrySet()) {
            double score = Math.log(Math.max(0.5, e.getValue()) / Math.max(1, counts.all));
            scores.put(e.getKey(), Math.max(score, old.least()));
        }
        return scores;
    }

    private Counts counts(Map<String, Double> scores) {
        Unigram grown = old.with(scores);
        Map<Integer, Long> byId = new HashMap<>();
        long all = 0;
        for (var w : words.entrySet()) {
            for (int id : grown.tokenize(w.getKey()).ids()) {
                byId.merge(id, w.getValue()[0], Long::sum);
                all += w.getValue()[0];
            }
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String piece : scores.keySet()) {
            counts.put(piece, byId.getOrDefault(grown.vocab().get(piece), 0L));
        }
        return new Counts(counts, all);
    }
}
