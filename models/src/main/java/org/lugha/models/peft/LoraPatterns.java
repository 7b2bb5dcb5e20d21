package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Other ranks and alphas for some layers: the first regular expression that matches the end of a
 * path decides.
 *
 * @param ranks {@code rank_pattern}
 * @param alphas {@code alpha_pattern}
 */
public record LoraPatterns(
        SequencedMap<String, Integer> ranks, SequencedMap<String, Double> alphas) {
    public static final LoraPatterns NONE =
            new LoraPatterns(new LinkedHashMap<>(), new LinkedHashMap<>());

    public LoraPatterns {
        ranks.keySet().forEach(p -> Lora.requirePattern("rank_pattern", p));
        alphas.keySet().forEach(p -> Lora.requirePattern("alpha_pattern", p));
        ranks = new LinkedHashMap<>(ranks);
        alphas = new LinkedHashMap<>(alphas);
    }

    int rank(String path, int otherwise) {
        return first(ranks, path, otherwise);
    }

    double alpha(String path, double otherwise) {
        return first(alphas, path, otherwise);
    }

    private static <V> V first(Map<String, V> patterns, String path, V otherwise) {
        return patterns.entrySet().stream()
                .filter(e -> PathPattern.matches("(.*\\.)?(" + e.getKey() + ")", path))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(otherwise);
    }
}
