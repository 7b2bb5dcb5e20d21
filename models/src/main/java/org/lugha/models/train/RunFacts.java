package org.lugha.models.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lugha.models.report.ReportData.Fact;
import org.lugha.models.settings.RunConfig;
import tools.jackson.databind.JsonNode;

/** How a run trained, a line each, for its report and its model card. */
final class RunFacts {
    private final RunSetup setup;
    private final RunConfig run;
    private final List<Fact> facts = new ArrayList<>();

    private RunFacts(RunSetup setup) {
        this.setup = setup;
        this.run = setup.run();
    }

    /** {@code saved} is the step whose weights the run gives. */
    static List<Fact> of(RunSetup setup, List<Metrics.Step> steps, int saved) {
        RunFacts f = new RunFacts(setup);
        f.model();
        f.course(steps, saved);
        f.machine();
        return f.facts;
    }

    private void model() {
        add("model", "%s", run.model().or(run::modelConfig).orElseThrow());
        long trained = setup.model().trainableSize();
        long all = setup.model().size();
        add(
                "parameters",
                "%,d, of which %,d trained (%.2f %%)",
                all,
                trained,
                100.0 * trained / all);
        add("method", "%s", said(run.resolved().path("method")));
        add("counted in the loss", "%s", run.data().loss());
    }

    private void course(List<Metrics.Step> steps, int saved) {
        long tokens = steps.stream().mapToLong(Metrics.Step::tokens).sum();
        long counted = steps.stream().mapToLong(Metrics.Step::counted).sum();
        double seconds = steps.stream().mapToDouble(Metrics.Step::seconds).sum();
        add(
                "steps",
                "%,d of %,d, each of %d x %d rows of at most %,d tokens%s; the weights are of step %,d",
                steps.size(),
                setup.steps(),
                run.accumulate(),
                run.sequences(),
                setup.maxLength(),
                run.data().packing() ? ", packed" : "",
                saved);
        add(
                "tokens",
                "%,d, of which %,d counted; %,.0f a second, %s in all",
                tokens,
                counted,
                tokens / seconds,
                time(seconds));
        add("optimizer", "%s", said(run.resolved().path("optimizer")));
        add("schedule", "%s", said(run.resolved().path("schedule")));
        add("mixing", "sampling temperature %s", run.data().samplingTemperature());
        add(
                "precision",
                "%s%s",
                run.precision().name().toLowerCase(Locale.ROOT),
                run.gradientCheckpointing() ? ", gradient checkpointing" : "");
        add("seed", "%d", run.seed());
    }

    private void machine() {
        add("device", "%s", hardware(setup));
        add(
                "software",
                "Lugha %s, Java %s, %s %s",
                Provenance.version(),
                Runtime.version().feature(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
    }

    /** The device and how many processors there are. */
    static String hardware(RunSetup setup) {
        int n = Runtime.getRuntime().availableProcessors();
        return setup.device().description() + ", " + n + " logical processors";
    }

    /** A section's keys and values but those that say nothing. */
    private static String said(JsonNode section) {
        List<String> words = new ArrayList<>();
        section.forEachEntry((key, v) -> {
            if (!plain(v).isEmpty() && !plain(v).equals("false")) {
                words.add(key.equals("type") ? plain(v) : key + " " + plain(v));
            }
        });
        return String.join(", ", words);
    }

    private static String plain(JsonNode v) {
        if (v.isArray()) {
            List<String> all = new ArrayList<>();
            v.forEach(e -> all.add(plain(e)));
            return String.join(" ", all);
        }
        return v.isContainer()
                ? v.isEmpty() ? "" : v.toString()
                : v.asString("").replaceFirst("\\.0$", "");
    }

    private static String time(double seconds) {
        long s = Math.round(seconds);
        return String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }

    private void add(String name, String format, Object... values) {
        facts.add(new Fact(name, String.format(Locale.ROOT, format, values)));
    }
}
