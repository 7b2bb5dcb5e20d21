package org.lugha.models.report;

import java.util.ArrayList;
import java.util.List;
import org.lugha.models.energy.Energy;
import org.lugha.models.report.ReportData.Masked;
import org.lugha.models.report.ReportData.Part;
import org.lugha.models.report.ReportData.Sample;
import org.lugha.models.report.ReportData.Source;
import org.lugha.models.report.ReportData.Span;
import org.lugha.models.report.ReportData.Step;

/** report.html of a run: what nobody has is left away. */
public final class RunPage {
    private final ReportData run;
    private final Html page;
    private final RunCurves curves;

    private RunPage(ReportData run) {
        this.run = run;
        this.page = new Html(run.title());
        this.curves = new RunCurves(run);
    }

    /** The whole page. */
    public static String html(ReportData run) {
        return new RunPage(run).page();
    }

    private String page() {
        summary();
        if (!run.steps().isEmpty() || !curves.evaluations().isEmpty()) {
            page.heading("Loss").chart(curves.loss());
        }
        evaluations();
        samples();
        if (!run.steps().isEmpty()) {
            page.heading("Course of training").open("div class=\"pair\"");
            course("Learning rate", curves.rate());
            course("Gradient norm, before clipping", curves.course("norm", Step::gradNorm));
            course("Tokens a second", curves.course("tokens/s", Step::tokensPerSecond));
            page.close("div");
        }
        data();
        masks();
        memory();
        run.energy().ifPresent(this::energy);
        if (!run.configuration().isBlank()) {
            page.heading("Configuration")
                    .open("details")
                    .element("summary", "", "as it was resolved, with all defaults")
                    .element("pre", "", run.configuration())
                    .close("details");
        }
        return page.page();
    }

    private void summary() {
        page.open("div class=\"tiles\"");
        if (!run.steps().isEmpty()) {
            Step last = run.steps().getLast();
            tile(Words.count(last.step()), "steps");
            tile(Words.number(last.loss(), 4), "loss of the last step");
        }
        for (EvaluationSeries s : curves.overall()) {
            tile(Words.figure(s.best().value()), "best evaluation " + s.figure());
        }
        run.energy()
                .ifPresent(e ->
                        tile(
                                Words.energy(e.kilowattHours()),
                                e.measured() ? "measured" : "estimated"));
        page.close("div");
        if (!run.facts().isEmpty()) {
            page.table(
                    List.of("", ""),
                    run.facts().stream().map(f -> List.of(f.name(), f.value())).toList());
        }
        run.notes().forEach(n -> page.element("p", "class=\"soft\"", n));
    }

    private void tile(String value, String name) {
        page.open("div class=\"tile\"").element("b", "", value);
        page.element("span", "", name).close("div");
    }

    private void course(String heading, LineChart chart) {
        page.open("div").element("h3", "", heading).chart(chart).close("div");
    }

    private void evaluations() {
        if (curves.evaluations().isEmpty()) {
            return;
        }
        page.heading("Evaluation");
        List<String> figures = curves.drawn();
        if (!figures.isEmpty()) {
            page.open("div class=\"pair\"");
            for (String figure : figures) {
                course(figure, curves.bySet(figure));
            }
            page.close("div");
        }
        page.raw(new EvaluationTable(curves.evaluations()).html());
    }

    private void samples() {
        if (run.samples().isEmpty()) {
            return;
        }
        page.heading("Samples");
        for (Sample s : run.samples()) {
            page.open("div class=\"sample\"").open("dl");
            answer("prompt", "", s.prompt());
            answer("reference", s.language(), s.reference());
            answer("before", s.language(), s.before());
            answer("after", s.language(), s.after());
            page.close("dl").close("div");
        }
    }

    private void answer(String name, String language, String text) {
        if (!text.isBlank()) {
            page.element("dt", "", name).foreign("dd", language, text);
        }
    }

    private void data() {
        if (run.data().isEmpty()) {
            return;
        }
        page.heading("Data");
        page.table(
                List.of(
                        "file",
                        "language",
                        "examples",
                        "tokens",
                        "counted",
                        "of tokens",
                        "epochs",
                        "asked",
                        "drawn"),
                run.data().stream().map(RunPage::row).toList());
        page.table(
                List.of("file", "licence", "consent"),
                run.data().stream()
                        .map(s -> List.of(s.file(), said(s.licence()), said(s.consent())))
                        .toList());
    }

    private static List<String> row(Source s) {
        return List.of(
                s.file(),
                s.language(),
                Words.count(s.examples()),
                Words.count(s.tokens()),
                Words.count(s.counted()),
                Words.share(s.counted(), s.tokens()),
                Words.number(s.epochs(), 2),
                Words.share(s.asked()),
                Words.share(s.realised()));
    }

    private static String said(String text) {
        return text.isBlank() ? "not stated" : text;
    }

    private void masks() {
        if (run.masks().isEmpty()) {
            return;
        }
        page.heading("What the loss counts");
        page.raw("<p class=\"soft\">Tokens that count are <mark>marked</mark>.</p>\n");
        for (Masked m : run.masks()) {
            page.open("div class=\"sample\"");
            page.element("div", "class=\"soft\"", m.set());
            StringBuilder text = new StringBuilder();
            for (Span s : m.spans()) {
                String escaped = Html.escape(s.text());
                text.append(s.counted() ? "<mark>" + escaped + "</mark>" : escaped);
            }
            page.raw("<div " + Html.foreign(m.language()) + ">" + text + "</div>\n").close("div");
        }
    }

    private void memory() {
        if (run.memory().isEmpty()) {
            return;
        }
        page.heading("Memory of a step, planned");
        List<Part> parts = run.memory().subList(0, run.memory().size() - 1);
        long sum = Math.max(1, parts.stream().mapToLong(Part::bytes).sum());
        page.open("div class=\"bar\" aria-hidden=\"true\"");
        for (int i = 0; i < parts.size(); i++) {
            String width = Words.number(100.0 * parts.get(i).bytes() / sum, 2);
            page.element("i", "class=\"s" + i % 8 + "\" style=\"width:" + width + "%\"", "");
        }
        page.close("div").open("p class=\"legend\"");
        for (int i = 0; i < parts.size(); i++) {
            page.element("span", "class=\"s" + i % 8 + "\"", parts.get(i).name());
        }
        page.close("p");
        page.table(
                List.of("", "size", "bytes"),
                run.memory().stream()
                        .map(p -> List.of(p.name(), Words.size(p.bytes()), Words.count(p.bytes())))
                        .toList());
    }

    private void energy(Energy e) {
        page.heading("Energy");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("electricity", Words.energy(e.kilowattHours())));
        e.gramsCo2().ifPresent(g -> rows.add(List.of("CO2 equivalent", Words.figure(g) + " g")));
        rows.add(List.of("measured", e.measured() ? "yes" : "no, estimated"));
        page.table(List.of("", ""), rows).paragraph(e.explanation() + ".");
    }
}
