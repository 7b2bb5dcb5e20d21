package org.lugha.models.settings;

import java.util.List;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;

/**
 * Which of a model's own parameters a full training leaves as they are. A pattern is a regular
 * expression for whole parts of a path: {@code embed_tokens} means everything in modules of that
 * name, {@code layers\\.[0-3]} the first four layers.
 *
 * @param freeze what stays
 * @param train what alone is trained; empty: everything that is not frozen
 */
public record Freezing(List<String> freeze, List<String> train) {
    public static final Freezing NONE = new Freezing(List.of(), List.of());

    public Freezing {
        freeze = List.copyOf(freeze);
        train = List.copyOf(train);
        freeze.forEach(Freezing::pattern);
        train.forEach(Freezing::pattern);
    }

    /** Makes every other parameter trainable. */
    public void apply(CausalLM model) {
        SequencedMap<String, Parameter> all = model.named();
        freeze.forEach(p -> require("freeze", p, all));
        train.forEach(p -> require("train", p, all));
        all.forEach((name, p) ->
                p.trainable((train.isEmpty() || any(train, name)) && !any(freeze, name)));
        if (model.trainable().isEmpty()) {
            throw new RequestException(
                    "method: freeze " + freeze + " and train " + train + " leave nothing to train");
        }
    }

    private static void require(String key, String pattern, SequencedMap<String, Parameter> all) {
        if (all.keySet().stream().noneMatch(name -> any(List.of(pattern), name))) {
            throw new RequestException(
                    "method."
                            + key
                            + ": no parameter matches "
                            + pattern
                            + "; this model has "
                            + String.join(", ", all.keySet().stream().limit(12).toList())
                            + (all.size() > 12 ? ", .." : ""));
        }
    }

    private static boolean any(List<String> patterns, String name) {
        return patterns.stream().anyMatch(p -> pattern(p).matcher(name).matches());
    }

    private static Pattern pattern(String p) {
        try {
            return Pattern.compile("(.*\\.)?(" + p + ")(\\..*)?");
        } catch (PatternSyntaxException e) {
            throw new RequestException(
                    "method: freeze and train take regular expressions, got '"
                            + p
                            + "' ("
                            + e.getDescription()
                            + ")",
                    e);
        }
    }
}
