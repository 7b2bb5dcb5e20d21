package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What is trained and saved as it is, beside low ranks.
 *
 * @param names {@code modules_to_save}: layers trained as a whole, such as {@code embed_tokens} and
 *     {@code lm_head}; matched by the end of their path
 * @param tied {@code ensure_weight_tying}: in a model with one table for input and output, training
 *     it trains it in both places. Without it, as PEFT does by default, each place trains a copy of
 *     its own, or stays frozen
 * @param tokens {@code trainable_token_indices}: rows of tables that are trained alone, by the last
 *     part of the table's path; the empty name is the input embedding
 */
public record SavedModules(
        List<String> names, boolean tied, SequencedMap<String, List<Integer>> tokens) {
    public static final SavedModules NONE =
            new SavedModules(List.of(), false, new LinkedHashMap<>());

    public SavedModules {
        names = List.copyOf(names);
        names.forEach(m -> Lora.requirePattern("modules_to_save", m));
        SequencedMap<String, List<Integer>> copy = new LinkedHashMap<>();
        tokens.forEach((name, ids) -> copy.put(name, List.copyOf(ids)));
        tokens = copy;
    }

    /** Whether {@code modules_to_save} has a module or one around it. */
    boolean around(String path) {
        return names.stream()
                .anyMatch(m -> PathPattern.matches("(^|.*\\.)" + m + "($|\\..*)", path));
    }

    /** Whether {@code modules_to_save} names this module itself, as PEFT compares. */
    boolean names(String path) {
        return !path.isEmpty() && names.stream().anyMatch(path::endsWith);
    }
}
