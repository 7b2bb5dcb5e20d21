package org.lugha.models.settings;

import java.util.List;
import org.lugha.models.RequestException;

/** The {@code evaluate} of a RUN.yaml. */
final class EvaluateSection {
    /** What can be measured of a model on the way. */
    static final List<String> METRICS =
            List.of(
                    "loss",
                    "perplexity",
                    "bits_per_byte",
                    "bleu",
                    "chrf",
                    "chrf++",
                    "ter",
                    "exact_match",
                    "accuracy",
                    "macro-f1");

    private EvaluateSection() {}

    static RunConfig.Evaluate read(Section root) {
        Section e =
                root.section(
                        "evaluate",
                        "every",
                        "metrics",
                        "early_stopping_patience",
                        "samples",
                        "max_examples",
                        "max_new_tokens");
        List<String> metrics = e.strings("metrics", List.of("loss"));
        for (String m : metrics) {
            if (!METRICS.contains(m)) {
                throw e.wrong(
                        "metrics",
                        "some of " + String.join(", ", METRICS),
                        m + "; did you mean " + Nearest.of(m, METRICS) + "?");
            }
        }
        int every = e.integer("every", 0, 1);
        int patience = e.integer("early_stopping_patience", 0, 1);
        if (patience > 0 && every == 0) {
            throw new RequestException(
                    root.source()
                            + ": evaluate.early_stopping_patience needs evaluate.every, the steps"
                            + " between evaluations, for example every: 100");
        }
        return new RunConfig.Evaluate(
                every,
                metrics,
                patience,
                e.integer("samples", 2, 0),
                e.integer("max_examples", 50, 0),
                e.integer("max_new_tokens", 96, 1));
    }
}
