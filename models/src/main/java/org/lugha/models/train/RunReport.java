package org.lugha.models.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.lugha.models.data.DataSet;
import org.lugha.models.data.ExampleStream.Drawn;
import org.lugha.models.data.Span;
import org.lugha.models.report.HubId;
import org.lugha.models.report.ModelCard;
import org.lugha.models.report.ReportData;
import org.lugha.models.report.RunPage;
import org.lugha.models.settings.Method;
import org.lugha.models.settings.RunConfig;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What a run has to tell, as report.html and as the README.md of its result.
 *
 * @param before what was measured before the first step
 * @param drawn of each training file
 * @param notes what was remarked before the first step
 */
record RunReport(
        RunSetup setup,
        Metrics metrics,
        RunState end,
        Optional<Metrics.Evaluation> before,
        MemoryPlan plan,
        List<Drawn> drawn,
        List<String> notes) {
    /** A prompt of the format {@code translation}. */
    private static final Pattern TRANSLATION =
            Pattern.compile("(?s)(?:.*?[^\\w-])??([\\w-]{2,}): .*\\n([\\w-]{2,}):");

    /** report.html. */
    String page() {
        RunConfig run = setup.run();
        return RunPage.html(
                new ReportData(
                        "Run " + run.output().getFileName(),
                        RunFacts.of(setup, metrics.steps(), saved()),
                        metrics.steps().stream().map(RunReport::step).toList(),
                        evaluations(),
                        samples(),
                        masks(),
                        memory(),
                        Optional.of(end.energy()),
                        sources(),
                        notes,
                        new YAMLMapper().writeValueAsString(run.resolved())));
    }

    /** README.md for the folder of the result. */
    String card(Path folder) {
        RunConfig run = setup.run();
        JsonNode method = run.resolved().path("method").path("type");
        return new ModelCard(
                        run.output().getFileName().toString(),
                        folder.toString(),
                        run.model().map(Path::toString),
                        run.model().flatMap(HubId::of),
                        run.method() instanceof Method.Peft,
                        method.asString("full"),
                        "",
                        setup.train().stream().flatMap(d -> languages(d).stream()).toList(),
                        RunFacts.of(setup, metrics.steps(), saved()),
                        sources(),
                        evaluations(),
                        saved(),
                        Optional.of(end.energy()),
                        RunFacts.hardware(setup),
                        prompt())
                .markdown();
    }

    /** The step whose weights the run gives; one that was stopped gives its last. */
    private int saved() {
        int patience = setup.run().evaluate().patience();
        boolean ended = end.best().since() >= patience || end.step() >= setup.steps();
        return patience > 0 && end.best().step() > 0 && ended ? end.best().step() : end.step();
    }

    /** Of a file's examples, as far as anybody says it. */
    private static List<String> languages(DataSet d) {
        return IntStream.range(0, d.size())
                .mapToObj(d::language)
                .filter(l -> !l.isBlank())
                .distinct()
                .sorted()
                .toList();
    }

    /** What the model expects, where that is known; no text of the data gets into a card. */
    private String prompt() {
        return samples().stream()
                .map(s -> TRANSLATION.matcher(s.prompt()))
                .filter(Matcher::matches)
                .map(m -> m.group(1) + ": Good morning.\n" + m.group(2) + ":")
                .findFirst()
                .orElse("");
    }

    private static ReportData.Step step(Metrics.Step s) {
        return new ReportData.Step(s.step(), s.loss(), s.gradNorm(), s.lr(), s.tokensPerSecond());
    }

    private List<ReportData.Evaluation> evaluations() {
        List<ReportData.Evaluation> all = new ArrayList<>();
        before.ifPresent(e -> add(all, e));
        metrics.evaluations().forEach(e -> add(all, e));
        return all;
    }

    private static void add(List<ReportData.Evaluation> all, Metrics.Evaluation e) {
        all.add(evaluation(e.step(), "", e.figures()));
        e.figures()
                .path("languages")
                .properties()
                .forEach(l -> all.add(evaluation(e.step(), l.getKey(), l.getValue())));
    }

    private static ReportData.Evaluation evaluation(int step, String set, JsonNode o) {
        Map<String, Double> more = new LinkedHashMap<>();
        List<String> own = List.of("loss", "counted_tokens", "perplexity", "bits_per_byte");
        o.properties()
                .forEach(p -> {
                    if (p.getValue().isNumber() && !own.contains(p.getKey())) {
                        more.put(p.getKey(), p.getValue().doubleValue());
                    }
                });
        return new ReportData.Evaluation(
                step,
                set,
                o.path("loss").asDouble(Double.NaN),
                o.path("bits_per_byte").asDouble(Double.NaN),
                o.path("counted_tokens").asLong(-1),
                more);
    }

    private List<ReportData.Sample> samples() {
        if (metrics.evaluations().isEmpty()) {
            return List.of();
        }
        JsonNode first = before.map(e -> e.figures().path("samples")).orElse(null);
        List<ReportData.Sample> all = new ArrayList<>();
        for (JsonNode s : metrics.evaluations().getLast().figures().path("samples")) {
            JsonNode old = first == null ? null : first.get(all.size());
            all.add(
                    new ReportData.Sample(
                            s.path("language").asString(""),
                            s.path("prompt").asString(""),
                            s.path("reference").asString(""),
                            old == null ? "" : old.path("text").asString(""),
                            s.path("text").asString("")));
        }
        return all;
    }

    /** The first example of every file. */
    private List<ReportData.Masked> masks() {
        List<ReportData.Masked> all = new ArrayList<>();
        for (DataSet d : setup.train()) {
            List<Span> spans = Span.of(setup.tokenizer(), d.examples().getFirst());
            all.add(
                    new ReportData.Masked(
                            d.file().path().toString(),
                            d.language(0),
                            Span.joined(spans).stream()
                                    .map(s -> new ReportData.Span(s.text(), s.counted()))
                                    .toList()));
        }
        return all;
    }

    private List<ReportData.Part> memory() {
        return List.of(
                new ReportData.Part("weights", plan.weights()),
                new ReportData.Part("gradients", plan.gradients()),
                new ReportData.Part("optimizer", plan.optimizer()),
                new ReportData.Part("kept for backward", plan.forward()),
                new ReportData.Part("gradients under way", plan.backward()),
                new ReportData.Part("peak", plan.peak()));
    }

    private List<ReportData.Source> sources() {
        double all = Math.max(1, drawn.stream().mapToLong(Drawn::examples).sum());
        List<ReportData.Source> sources = new ArrayList<>();
        for (int i = 0; i < setup.train().size(); i++) {
            DataSet d = setup.train().get(i);
            Drawn of = drawn.get(i);
            sources.add(
                    new ReportData.Source(
                            d.file().path().toString(),
                            "",
                            String.join(", ", languages(d)),
                            d.size(),
                            d.tokens(),
                            d.counted(),
                            of.epochs(),
                            of.asked(),
                            of.examples() / all,
                            d.file().licence(),
                            d.file().consent()));
        }
        return sources;
    }
}
