package org.lugha.models.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.lugha.models.report.ReportData.Evaluation;

/**
 * One figure of one set over the steps.
 *
 * @param figure {@code loss}, {@code perplexity}, {@code bits per byte}, or a metric's name
 * @param points finite values by step, ascending
 */
record EvaluationSeries(String set, String figure, List<Point> points) {
    static final String LOSS = "loss";
    private static final String PERPLEXITY = "perplexity";
    private static final String BITS = "bits per byte";
    private static final Set<String> LOWER_IS_BETTER = Set.of(LOSS, PERPLEXITY, BITS, "ter");

    record Point(int step, double value) {}

    /** Every figure of every set, set by set as they come. */
    static List<EvaluationSeries> of(List<Evaluation> evaluations) {
        SequencedMap<String, SequencedMap<String, List<Point>>> sets = new LinkedHashMap<>();
        for (Evaluation e : evaluations) {
            var figures = sets.computeIfAbsent(name(e), s -> new LinkedHashMap<>());
            figures(e)
                    .forEach((name, value) -> {
                        if (Double.isFinite(value)) {
                            figures.computeIfAbsent(name, f -> new ArrayList<>())
                                    .add(new Point(e.step(), value));
                        }
                    });
        }
        List<EvaluationSeries> all = new ArrayList<>();
        sets.forEach((set, figures) ->
                figures.forEach((figure, points) ->
                        all.add(new EvaluationSeries(set, figure, List.copyOf(points)))));
        return all;
    }

    /** A set without a name is all of them. */
    static String name(Evaluation e) {
        return e.set().isBlank() ? "all" : e.set();
    }

    static SequencedMap<String, Double> figures(Evaluation e) {
        SequencedMap<String, Double> all = new LinkedHashMap<>();
        all.put(LOSS, e.loss());
        all.put(PERPLEXITY, e.perplexity());
        all.put(BITS, e.bitsPerByte());
        e.metrics().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(m ->
                        all.putIfAbsent(m.getKey().replace("bits_per_byte", BITS), m.getValue()));
        return all;
    }

    boolean lowerIsBetter() {
        return LOWER_IS_BETTER.contains(figure.toLowerCase(Locale.ROOT));
    }

    Point first() {
        return points.getFirst();
    }

    Point last() {
        return points.getLast();
    }

    /** The earliest of equals. */
    Point best() {
        Comparator<Point> order = Comparator.comparingDouble(Point::value);
        return points.stream().min(lowerIsBetter() ? order : order.reversed()).orElseThrow();
    }

    double[] steps() {
        return points.stream().mapToDouble(Point::step).toArray();
    }

    double[] values() {
        return points.stream().mapToDouble(Point::value).toArray();
    }
}
