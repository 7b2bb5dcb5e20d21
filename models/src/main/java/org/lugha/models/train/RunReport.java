package org.lugha.models.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lugha.models.data.DataSet;
import org.lugha.models.report.Html;
import org.lugha.models.report.LineChart;
import org.lugha.models.settings.RunConfig;

/** report.html of a run: what was trained on what, and the curves. */
final class RunReport {
    private RunReport() {}

    static String page(RunConfig run, RunSetup setup, Metrics metrics) {
        List<Metrics.Step> steps = metrics.steps();
        double[] x = steps.stream().mapToDouble(Metrics.Step::step).toArray();
        LineChart loss =
                new LineChart("step")
                        .line("loss", x, steps.stream().mapToDouble(Metrics.Step::loss).toArray());
        List<Metrics.Evaluation> evaluations = metrics.evaluations();
        if (!evaluations.isEmpty()) {
            loss.line(
                    "evaluation loss",
                    evaluations.stream().mapToDouble(Metrics.Evaluation::step).toArray(),
                    evaluations.stream().mapToDouble(Metrics.Evaluation::loss).toArray());
        }
        Html page = new Html("Run " + run.output().getFileName());
        page.table(List.of("", ""), summary(run, setup, steps));
        page.heading("Loss").chart(loss);
        page.heading("Gradient norm")
                .chart(
                        new LineChart("step")
                                .line(
                                        "before clipping",
                                        x,
                                        steps.stream()
                                                .mapToDouble(Metrics.Step::gradNorm)
                                                .toArray()));
        page.heading("Learning rate")
                .chart(
                        new LineChart("step")
                                .line(
                                        "lr",
                                        x,
                                        steps.stream().mapToDouble(Metrics.Step::lr).toArray()));
        page.heading("Data").table(DATA_HEAD, data(setup));
        return page.page();
    }

    private static final List<String> DATA_HEAD =
            List.of("file", "examples", "tokens", "counted", "share counted");

    private static List<List<String>> summary(
            RunConfig run, RunSetup setup, List<Metrics.Step> steps) {
        long tokens = steps.stream().mapToLong(Metrics.Step::tokens).sum();
        double seconds = steps.stream().mapToDouble(s -> s.tokens() / s.tokensPerSecond()).sum();
        return List.of(
                List.of("model", run.model().or(run::modelConfig).orElseThrow().toString()),
                List.of(
                        "parameters",
                        String.format(
                                Locale.ROOT,
                                "%,d, of which %,d trained",
                                setup.model().size(),
                                setup.model().trainableSize())),
                List.of("device", setup.device().description()),
                List.of("steps", Integer.toString(steps.size())),
                List.of(
                        "tokens",
                        String.format(
                                Locale.ROOT, "%,d at %,.0f a second", tokens, tokens / seconds)),
                List.of("last loss", String.format(Locale.ROOT, "%.4f", steps.getLast().loss())));
    }

    private static List<List<String>> data(RunSetup setup) {
        List<List<String>> rows = new ArrayList<>();
        for (DataSet d : setup.train()) {
            rows.add(
                    List.of(
                            d.file().path().toString(),
                            String.format(Locale.ROOT, "%,d", d.examples().size()),
                            String.format(Locale.ROOT, "%,d", d.tokens()),
                            String.format(Locale.ROOT, "%,d", d.counted()),
                            String.format(
                                    Locale.ROOT, "%.1f %%", 100.0 * d.counted() / d.tokens())));
        }
        return rows;
    }
}
