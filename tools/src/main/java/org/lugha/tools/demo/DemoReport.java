package org.lugha.tools.demo;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lugha.models.report.Html;
import org.lugha.tools.Resident;
import org.lugha.tools.demo.swahili.Pair;
import org.lugha.tools.demo.swahili.Split;

/** What the demo found, on standard output and as a page. */
record DemoReport(
        Split data,
        List<String> translatedBefore,
        List<String> translatedAfter,
        Quality before,
        Quality after,
        Curve pretraining,
        Curve adaptation,
        long parameters,
        long trained,
        String device) {
    private static final int SHOWN = 8;
    private static final List<String> HEAD =
            List.of("held-out sentences", "exact", "chrF++", "BLEU");

    void print(PrintWriter out, boolean identical, double seconds) {
        out.println();
        row(out, HEAD);
        row(out, before.cells("before adaptation"));
        row(out, after.cells("after adaptation"));
        out.println();
        for (int i = 0; i < Math.min(SHOWN, translatedAfter.size()); i++) {
            Pair p = data.heldOut().get(i);
            out.printf("  %s%n    model  %s%n", p.english(), translatedAfter.get(i));
            if (!p.swahili().equals(translatedAfter.get(i))) {
                out.printf("    right  %s%n", p.swahili());
            }
        }
        out.println();
        facts(identical).forEach(f -> out.printf("%-24s %s%n", f.get(0), f.get(1)));
        out.printf(Locale.ROOT, "%-24s %.0f s%n", "time in all", seconds);
        out.flush();
    }

    String page(boolean identical) {
        Html page = new Html("From text to an adapted model");
        page.paragraph(
                "A small decoder was pre-trained on English and Swahili sentences and adapted with"
                        + " LoRA to translate. The held-out sentences join words that never"
                        + " stood together in training.");
        page.table(
                HEAD, List.of(before.cells("before adaptation"), after.cells("after adaptation")));
        page.heading("Translations");
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < Math.min(3 * SHOWN, translatedAfter.size()); i++) {
            Pair p = data.heldOut().get(i);
            rows.add(
                    List.of(
                            p.english(),
                            translatedBefore.get(i),
                            translatedAfter.get(i),
                            p.swahili()));
        }
        page.table(List.of("English", "before", "after", "reference"), rows);
        page.heading("Pre-training loss").chart(pretraining.chart());
        page.heading("Adaptation loss, counted tokens only").chart(adaptation.chart());
        page.heading("The run").table(List.of("", ""), facts(identical));
        return page.page();
    }

    private List<List<String>> facts(boolean identical) {
        return List.of(
                fact("device", "%s", device),
                fact("parameters", "%,d", parameters),
                fact(
                        "trained in adaptation",
                        "%,d (%.1f %%)",
                        trained,
                        100.0 * trained / parameters),
                speed(pretraining),
                speed(adaptation),
                fact(
                        "loss counted",
                        "%,d of %,d adaptation tokens; %,d skipped",
                        adaptation.counted(),
                        adaptation.tokens(),
                        adaptation.tokens() - adaptation.counted()),
                fact("peak memory", "%,d MiB", Resident.peakMib()),
                fact(
                        "loaded back from files",
                        "%s",
                        identical
                                ? "all translations identical"
                                : "TRANSLATIONS DIFFER: please report this"));
    }

    private static List<String> speed(Curve c) {
        return fact(
                c.name(),
                "%,d tokens in %.0f s: %,.0f tokens/s",
                c.tokens(),
                c.seconds(),
                c.tokens() / c.seconds());
    }

    private static List<String> fact(String name, String format, Object... values) {
        return List.of(name, String.format(Locale.ROOT, format, values));
    }

    private static void row(PrintWriter out, List<String> cells) {
        out.printf("%-24s %8s %8s %8s%n", cells.toArray());
    }
}
