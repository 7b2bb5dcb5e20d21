package org.lugha.models.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lugha.models.data.DataSet;
import org.lugha.models.report.ReportData;
import org.lugha.models.report.ReportData.Fact;
import org.lugha.models.report.RunPage;
import org.lugha.models.settings.RunConfig;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** report.html of a run: what was trained on what, and how it went. */
final class RunReport {
    private RunReport() {}

    static String page(RunConfig run, RunSetup setup, Metrics metrics) {
        return RunPage.html(
                new ReportData(
                        "Run " + run.output().getFileName(),
                        facts(run, setup, metrics.steps()),
                        metrics.steps().stream().map(RunReport::step).toList(),
                        metrics.evaluations().stream().map(RunReport::evaluation).toList(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        setup.train().stream().map(RunReport::source).toList(),
                        List.of(),
                        new YAMLMapper().writeValueAsString(run.resolved())));
    }

    private static ReportData.Step step(Metrics.Step s) {
        return new ReportData.Step(s.step(), s.loss(), s.gradNorm(), s.lr(), s.tokensPerSecond());
    }

    private static ReportData.Evaluation evaluation(Metrics.Evaluation e) {
        return new ReportData.Evaluation(e.step(), "", e.loss(), Double.NaN, e.counted(), Map.of());
    }

    private static ReportData.Source source(DataSet d) {
        return new ReportData.Source(
                d.file().path().toString(),
                "",
                d.file().language(),
                d.size(),
                d.tokens(),
                d.counted(),
                Double.NaN,
                Double.NaN,
                Double.NaN,
                d.file().licence() == null ? "" : d.file().licence(),
                d.file().consent());
    }

    private static List<Fact> facts(RunConfig run, RunSetup setup, List<Metrics.Step> steps) {
        long tokens = steps.stream().mapToLong(Metrics.Step::tokens).sum();
        double seconds = steps.stream().mapToDouble(s -> s.tokens() / s.tokensPerSecond()).sum();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("model", run.model().or(run::modelConfig).orElseThrow().toString()));
        facts.add(
                fact(
                        "parameters",
                        "%,d, of which %,d trained",
                        setup.model().size(),
                        setup.model().trainableSize()));
        facts.add(new Fact("device", setup.device().description()));
        facts.add(fact("tokens", "%,d at %,.0f a second", tokens, tokens / seconds));
        return facts;
    }

    private static Fact fact(String name, String format, Object... values) {
        return new Fact(name, String.format(Locale.ROOT, format, values));
    }
}
