package org.lugha.models.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lugha.models.data.DataSet;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.data.Span;
import org.lugha.models.report.ReportData;
import org.lugha.models.report.ReportData.Masked;
import org.lugha.models.report.ReportData.Part;
import org.lugha.models.report.ReportData.Source;
import org.lugha.models.report.RunPage;
import org.lugha.models.settings.RunConfig;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What a run has to tell, for report.html and the model card.
 *
 * @param end where the run stood when it ended; empty: shares, epochs and energy are left away
 * @param plan of a step's memory
 * @param evaluations set by set, ascending by step; empty: the losses in {@code metrics} alone
 * @param samples answers to prompts before and after
 * @param notes warnings and remarks, a sentence each
 */
record RunReport(
        RunSetup setup,
        Metrics metrics,
        Optional<RunState> end,
        Optional<MemoryPlan> plan,
        List<ReportData.Evaluation> evaluations,
        List<ReportData.Sample> samples,
        List<String> notes) {
    /** Examples of each file whose masks are shown, and of all files together. */
    private static final int EACH = 2;

    private static final int MASKS = 8;

    /** Characters of an example that are shown. */
    private static final int SHOWN = 1500;

    /** What the metrics alone tell. */
    static String page(RunConfig run, RunSetup setup, Metrics metrics) {
        return new RunReport(
                        setup,
                        metrics,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of())
                .page();
    }

    /** report.html. */
    String page() {
        return RunPage.html(data());
    }

    ReportData data() {
        RunConfig run = setup.run();
        return new ReportData(
                "Run " + run.output().getFileName(),
                RunFacts.of(setup, metrics.steps()),
                metrics.steps().stream().map(RunReport::step).toList(),
                evaluations.isEmpty()
                        ? metrics.evaluations().stream().map(RunReport::evaluation).toList()
                        : evaluations,
                samples,
                masks(),
                plan.map(RunReport::parts).orElse(List.of()),
                end.map(RunState::energy),
                sources(),
                notes,
                new YAMLMapper().writeValueAsString(run.resolved()));
    }

    private static ReportData.Step step(Metrics.Step s) {
        return new ReportData.Step(s.step(), s.loss(), s.gradNorm(), s.lr(), s.tokensPerSecond());
    }

    private static ReportData.Evaluation evaluation(Metrics.Evaluation e) {
        return new ReportData.Evaluation(e.step(), "", e.loss(), Double.NaN, e.counted(), Map.of());
    }

    private static List<Part> parts(MemoryPlan p) {
        return List.of(
                new Part("weights", p.weights()),
                new Part("gradients", p.gradients()),
                new Part("optimizer state", p.optimizer()),
                new Part("kept for backward", p.forward()),
                new Part("gradients under way", p.backward()),
                new Part("peak", p.peak()));
    }

    private List<Source> sources() {
        List<ExampleStream.Drawn> drawn = end.map(this::drawn).orElse(List.of());
        long all = drawn.stream().mapToLong(ExampleStream.Drawn::examples).sum();
        List<Source> sources = new ArrayList<>();
        for (int i = 0; i < setup.train().size(); i++) {
            DataSet d = setup.train().get(i);
            boolean known = i < drawn.size() && all > 0;
            sources.add(
                    new Source(
                            d.file().path().toString(),
                            "",
                            String.join(", ", languages(d)),
                            d.size(),
                            d.tokens(),
                            d.counted(),
                            known ? drawn.get(i).epochs() : Double.NaN,
                            known ? drawn.get(i).asked() : Double.NaN,
                            known ? (double) drawn.get(i).examples() / all : Double.NaN,
                            d.file().licence() == null ? "" : d.file().licence(),
                            d.file().consent() == null ? "" : d.file().consent()));
        }
        return sources;
    }

    /** Of a file's examples, as far as anybody says it. */
    static List<String> languages(DataSet d) {
        return IntStream.range(0, d.size())
                .mapToObj(d::language)
                .filter(l -> !l.isBlank())
                .distinct()
                .sorted()
                .toList();
    }

    private List<ExampleStream.Drawn> drawn(RunState state) {
        ExampleStream stream = setup.stream();
        stream.restore(state.data());
        return stream.drawn(Math.max(1, state.step()));
    }

    private List<Masked> masks() {
        List<Masked> all = new ArrayList<>();
        for (DataSet d : setup.train()) {
            for (int i = 0; i < Math.min(EACH, d.size()) && all.size() < MASKS; i++) {
                Example e = d.examples().get(i);
                String name = d.file().path() + ", example " + (i + 1);
                all.add(new Masked(name, e.language(), spans(e)));
            }
        }
        return all;
    }

    private List<ReportData.Span> spans(Example e) {
        List<ReportData.Span> all = new ArrayList<>();
        int left = SHOWN;
        for (Span s : Span.joined(Span.of(setup.tokenizer(), e))) {
            boolean cut = s.text().length() > left;
            String text = cut ? s.text().substring(0, left) + "\u2026" : s.text();
            all.add(new ReportData.Span(text, s.counted()));
            left -= text.length();
            if (cut || left <= 0) {
                break;
            }
        }
        return all;
    }
}
