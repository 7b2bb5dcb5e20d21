package org.lugha.tools.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.lugha.models.corpus.CorpusStats;
import org.lugha.models.corpus.Figures;
import org.lugha.models.corpus.Lengths;

/** What {@code data stats} counted, for people. */
record StatsText(CorpusStats stats) {
    private static final int SCRIPTS = 3;
    private static final double FEW = 0.0005; // prints as 0.0 %

    List<String> lines() {
        List<String> all = new ArrayList<>();
        all.add(
                row(
                        "language",
                        "texts",
                        "%",
                        "bytes",
                        "%",
                        "words",
                        "chars",
                        "tokens",
                        "%",
                        "/word",
                        "bytes/",
                        "unk %"));
        stats.languages().forEach((language, f) -> all.add(sizes(language, f)));
        if (stats.languages().size() > 1) {
            all.add(sizes("all", stats.total()));
        }
        all.add("");
        all.add(lengthRow("length in " + unit(), "mean", "median", "p95", "max", "scripts"));
        stats.languages().forEach((language, f) -> all.add(lengths(language, f)));
        all.add("");
        stats.files().forEach(f -> all.add(file(f)));
        if (stats.hasDuplicates()) {
            all.add(duplicates());
            stats.pairs().forEach(p -> all.add("  " + p));
        }
        stats.languages().forEach((language, f) -> remarks(all, language, f));
        return all;
    }

    private String unit() {
        return stats.hasTokens() ? "tokens" : "characters";
    }

    private String sizes(String language, Figures f) {
        Figures all = stats.total();
        boolean t = stats.hasTokens();
        return row(
                language,
                count(f.texts()),
                share(f.texts(), all.texts()),
                count(f.bytes()),
                share(f.bytes(), all.bytes()),
                count(f.words()),
                count(f.characters()),
                t ? count(f.tokens()) : "-",
                t ? share(f.tokens(), all.tokens()) : "-",
                t ? ratio(f.tokens(), f.words()) : "-",
                t ? ratio(f.bytes(), f.tokens()) : "-",
                t ? share(f.unknowns(), f.tokens()) : "-");
    }

    private static String lengths(String language, Figures f) {
        Lengths l = f.lengths();
        StringJoiner scripts = new StringJoiner(", ");
        f.scripts().entrySet().stream()
                .filter(e -> e.getValue() >= FEW)
                .limit(SCRIPTS)
                .forEach(e -> scripts.add(script(e.getKey()) + " " + percent(e.getValue())));
        return lengthRow(
                language,
                String.format(Locale.ROOT, "%.1f", l.mean()),
                String.format(Locale.ROOT, "%.0f", l.quantile(0.5)),
                String.format(Locale.ROOT, "%.0f", l.quantile(0.95)),
                count(l.max()),
                scripts.toString());
    }

    private String file(CorpusStats.OfFile f) {
        Figures g = f.figures();
        return String.format(
                Locale.ROOT,
                "%s: %s, %,d examples in %,d lines, %,d words, %,d bytes%s%s%s",
                f.path(),
                f.format(),
                f.examples(),
                f.lines(),
                g.words(),
                g.bytes(),
                stats.hasTokens() ? String.format(Locale.ROOT, ", %,d tokens", g.tokens()) : "",
                f.exact() + f.near() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", %,d duplicates, %,d near",
                                f.exact() * stats.scale(),
                                f.near()),
                f.bad() == 0
                        ? ""
                        : String.format(
                                Locale.ROOT, ", %,d bad lines: see lugha data check", f.bad()));
    }

    private String duplicates() {
        return String.format(
                Locale.ROOT,
                "duplicates: %,d exact%s, %,d near",
                stats.exact(),
                stats.scale() == 1 ? "" : " (estimated from 1 of " + stats.scale() + " texts)",
                stats.near());
    }

    private static void remarks(List<String> to, String language, Figures f) {
        if (f.decomposed() + f.mixed() > 0) {
            to.add(
                    String.format(
                            Locale.ROOT,
                            "%s: %,d texts in form NFD, %,d in neither NFC nor NFD",
                            language,
                            f.decomposed(),
                            f.mixed()));
        }
        if (f.controls() > 0) {
            to.add(
                    String.format(
                            Locale.ROOT, "%s: %,d control characters", language, f.controls()));
        }
        if (f.strange() > 0) {
            StringJoiner first = new StringJoiner(", ");
            f.strangers().forEach((script, place) -> first.add(script(script) + " " + place));
            to.add(
                    String.format(
                            Locale.ROOT,
                            "%s: %,d texts mainly in another script, the first: %s",
                            language,
                            f.strange(),
                            first));
        }
    }

    private static String script(String name) {
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String row(Object... cells) {
        return String.format(
                Locale.ROOT, "%-12s %10s %5s %13s %5s %12s %13s %12s %5s %6s %6s %6s", cells);
    }

    private static String lengthRow(Object... cells) {
        return String.format(Locale.ROOT, "%-22s %9s %7s %7s %11s  %s", cells).stripTrailing();
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    private static String share(long part, long all) {
        return all == 0 ? "-" : String.format(Locale.ROOT, "%.1f", 100.0 * part / all);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String ratio(long a, long b) {
        return b == 0 ? "-" : String.format(Locale.ROOT, "%.2f", (double) a / b);
    }
}
