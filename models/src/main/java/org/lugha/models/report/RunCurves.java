package org.lugha.models.report;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.lugha.models.report.ReportData.Step;

/** The charts of a run. */
final class RunCurves {
    private static final String ALL = "all";

    private final List<Step> steps;
    private final List<EvaluationSeries> evaluations;
    private final double[] x;

    RunCurves(ReportData run) {
        steps = run.steps();
        x = steps.stream().mapToDouble(Step::step).toArray();
        evaluations = EvaluationSeries.of(run.evaluations());
    }

    List<EvaluationSeries> evaluations() {
        return evaluations;
    }

    /** Loss and metrics of all data together; of the only set where there is one. */
    List<EvaluationSeries> overall() {
        long sets = evaluations.stream().map(EvaluationSeries::set).distinct().count();
        return evaluations.stream()
                .filter(s -> sets == 1 || s.set().equals(ALL))
                .filter(s -> !s.figure().equals("perplexity"))
                .toList();
    }

    /** Training and evaluation in one chart. */
    LineChart loss() {
        LineChart chart = new LineChart("step").fitted();
        if (!steps.isEmpty()) {
            chart.smoothed("training loss", x, values(Step::loss));
        }
        for (EvaluationSeries s : overall()) {
            if (s.figure().equals(EvaluationSeries.LOSS)) {
                chart.dotted("evaluation loss", s.steps(), s.values());
            }
        }
        return chart;
    }

    /** Exact: a schedule has corners. */
    LineChart rate() {
        return new LineChart("step").small().line("lr", x, values(Step::lr));
    }

    /** A noisy figure. */
    LineChart course(String line, ToDoubleFunction<Step> value) {
        return new LineChart("step").small().smoothed(line, x, values(value));
    }

    /** Figures of which some set has two values or more; perplexity is loss over again. */
    List<String> drawn() {
        return evaluations.stream()
                .filter(s -> s.points().size() > 1 && !s.figure().equals("perplexity"))
                .map(EvaluationSeries::figure)
                .distinct()
                .toList();
    }

    /** One figure, a line a set. */
    LineChart bySet(String figure) {
        LineChart chart = new LineChart("step").small().fitted();
        for (EvaluationSeries s : evaluations) {
            if (s.figure().equals(figure)) {
                chart.dotted(s.set(), s.steps(), s.values());
            }
        }
        return chart;
    }

    private double[] values(ToDoubleFunction<Step> value) {
        return steps.stream().mapToDouble(value).toArray();
    }
}
