package org.lugha.models.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What is asked of a model.
 *
 * @param metrics of {@link #METRICS}; those of {@link CorpusMetric} make it answer prompts
 * @param limit lines of each file that are answered; the loss is of all lines
 * @param maxNewTokens of an answer
 * @param rows of a batch at most
 * @param tokens of a batch of losses at most, with padding; a longer row is a batch alone
 */
public record EvaluationOptions(
        List<String> metrics, int limit, int maxNewTokens, int rows, int tokens) {
    private static final List<String> OF_LOSS = List.of("loss", "perplexity", "bits_per_byte");

    /** All names, those of losses first. */
    public static final List<String> METRICS = all();

    public EvaluationOptions {
        metrics =
                metrics.stream()
                        .map(m -> m.toLowerCase(Locale.ROOT))
                        .map(m -> CorpusMetric.NAMES.contains(m) ? m : m.replace('-', '_'))
                        .map(m -> m.equals("macro_f1") ? "macro-f1" : m)
                        .distinct()
                        .toList();
        for (String m : metrics) {
            if (!METRICS.contains(m)) {
                throw new IllegalArgumentException(
                        "metrics: expected some of " + METRICS + ", got '" + m + "'");
            }
        }
        if (limit < 1 || maxNewTokens < 1 || rows < 1 || tokens < 1) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "evaluation: expected numbers above 0, got limit %d, maxNewTokens %d, rows %d, tokens %d",
                            limit,
                            maxNewTokens,
                            rows,
                            tokens));
        }
    }

    /** Batches of up to 16 rows and 4096 tokens; 100 lines of each file get answers of 128. */
    public static EvaluationOptions of(List<String> metrics) {
        return new EvaluationOptions(metrics, 100, 128, 16, 4096);
    }

    public EvaluationOptions withLimit(int lines) {
        return new EvaluationOptions(metrics, lines, maxNewTokens, rows, tokens);
    }

    public EvaluationOptions withMaxNewTokens(int most) {
        return new EvaluationOptions(metrics, limit, most, rows, tokens);
    }

    public EvaluationOptions withRows(int most) {
        return new EvaluationOptions(metrics, limit, maxNewTokens, most, tokens);
    }

    /** Those that compare answers with references. */
    public List<String> ofAnswers() {
        return metrics.stream().filter(CorpusMetric.NAMES::contains).toList();
    }

    /** Whether a smaller figure is the better one: of losses, and of {@code ter}. */
    public static boolean isLessBetter(String metric) {
        return OF_LOSS.contains(metric) || metric.equals("ter");
    }

    /** Whether losses are asked for. */
    boolean asksForLoss() {
        return metrics.stream().anyMatch(OF_LOSS::contains);
    }

    private static List<String> all() {
        List<String> names = new ArrayList<>(OF_LOSS);
        names.addAll(CorpusMetric.NAMES);
        return List.copyOf(names);
    }
}
