package org.lugha.models.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;
import org.lugha.models.report.EvaluationSeries.Point;

/** Figures set by set: the first, the best and the last value of each. */
record EvaluationTable(List<EvaluationSeries> series) {
    String html() {
        Html table = new Html("");
        boolean once = series.stream().allMatch(s -> s.points().size() == 1);
        table.open("div class=\"wide\"")
                .open("table")
                .raw("<thead><tr><th>set</th><th>figure</th>");
        if (once) {
            number(table, "th", head("value", EvaluationSeries::last));
        } else {
            number(table, "th", head("first", EvaluationSeries::first));
            number(table, "th", "best");
            number(table, "th", "at step");
            number(table, "th", head("last", EvaluationSeries::last));
        }
        table.raw("</tr></thead>\n");
        SequencedMap<String, List<EvaluationSeries>> sets = new LinkedHashMap<>();
        series.forEach(s -> sets.computeIfAbsent(s.set(), k -> new ArrayList<>()).add(s));
        sets.forEach((set, figures) -> rows(table, set, figures, once));
        return table.close("table").close("div").body();
    }

    private static void rows(Html table, String set, List<EvaluationSeries> figures, boolean once) {
        table.open("tbody");
        for (int i = 0; i < figures.size(); i++) {
            EvaluationSeries s = figures.get(i);
            table.open("tr");
            if (i == 0) {
                table.element("th", "class=\"set\" rowspan=\"" + figures.size() + "\"", set);
            }
            table.element("td", "", s.figure());
            if (!once) {
                number(table, "td", Words.figure(s.first().value()));
                number(table, "td", Words.figure(s.best().value()));
                number(table, "td", Words.count(s.best().step()));
            }
            number(table, "td", Words.figure(s.last().value()));
            table.close("tr");
        }
        table.close("tbody");
    }

    /** Names the step where it is the same for all. */
    private String head(String name, Function<EvaluationSeries, Point> which) {
        List<Integer> steps = series.stream().map(s -> which.apply(s).step()).distinct().toList();
        return steps.size() == 1 ? name + ", step " + Words.count(steps.getFirst()) : name;
    }

    private static void number(Html table, String tag, String text) {
        table.element(tag, "class=\"number\"", text);
    }
}
