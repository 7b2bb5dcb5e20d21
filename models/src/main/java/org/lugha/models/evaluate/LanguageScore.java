package org.lugha.models.evaluate;

import java.util.LinkedHashMap;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How good a model is at one language, or at all together.
 *
 * @param language {@code und} where nobody says it, {@code all} for all together
 * @param examples of which the loss is
 * @param nll summed over the counted tokens, in nats
 * @param counted tokens; 0 where no loss was asked for
 * @param bytes of UTF-8 that the counted tokens are; 0 where nobody can tell
 * @param answers how many prompts were answered
 * @param metrics of these answers, by name
 */
public record LanguageScore(
        String language,
        long examples,
        double nll,
        long counted,
        long bytes,
        int answers,
        SequencedMap<String, Score> metrics) {

    /** Mean over the counted tokens in nats; NaN without any. */
    public double loss() {
        return counted == 0 ? Double.NaN : nll / counted;
    }

    /** e to the loss. */
    public double perplexity() {
        return Math.exp(loss());
    }

    /** {@code nll / ln 2 / bytes}: comparable between tokenizers; empty without text. */
    public OptionalDouble bitsPerByte() {
        return counted == 0 || bytes == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(nll / Math.log(2) / bytes);
    }

    /** A figure by its name in {@link EvaluationOptions#METRICS}; NaN where there is none. */
    public double value(String metric) {
        return switch (metric) {
            case "loss" -> loss();
            case "perplexity" -> perplexity();
            case "bits_per_byte" -> bitsPerByte().orElse(Double.NaN);
            default -> metrics.containsKey(metric) ? metrics.get(metric).value() : Double.NaN;
        };
    }

    /** All figures there are, by name. */
    public SequencedMap<String, Double> values() {
        SequencedMap<String, Double> all = new LinkedHashMap<>();
        for (String name : EvaluationOptions.METRICS) {
            double v = value(name);
            if (!Double.isNaN(v)) {
                all.put(name, v);
            }
        }
        return all;
    }

    /** Figures by name, signatures, and how many tokens, bytes and answers they are of. */
    ObjectNode json() {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        if (counted > 0) {
            o.put("examples", examples).put("counted_tokens", counted).put("bytes", bytes);
            finite(o, "loss");
            finite(o, "perplexity");
            finite(o, "bits_per_byte");
        }
        if (answers > 0) {
            o.put("answers", answers);
            metrics.forEach((name, s) ->
                    o.putObject(name).put("score", s.value()).put("signature", s.signature()));
        }
        return o;
    }

    private void finite(ObjectNode o, String name) {
        double v = value(name);
        if (Double.isFinite(v)) {
            o.put(name, v);
        } else {
            o.putNull(name);
        }
    }
}
