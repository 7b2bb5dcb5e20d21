package org.lugha.tools.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.lugha.models.evaluate.EvaluationOptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Figures by language beside those from before, for people; they come as evaluate's JSON. */
record FigureTable(List<String> metrics) {
    private static final String CELL = " %13s";

    /** Adds {@code before}, and {@code difference} where both have a figure. */
    static void compare(ObjectNode after, JsonNode before) {
        ObjectNode then = after.putObject("before");
        ObjectNode difference = after.putObject("difference");
        for (String part : List.of("total", "languages")) {
            then.set(part, before.path(part).isObject() ? before.path(part) : empty());
        }
        difference.set("total", less(after.path("total"), before.path("total")));
        ObjectNode each = difference.putObject("languages");
        after.path("languages")
                .forEachEntry((language, score) ->
                        each.set(language, less(score, before.path("languages").path(language))));
    }

    private static ObjectNode empty() {
        return JsonMapper.shared().createObjectNode();
    }

    private static ObjectNode less(JsonNode after, JsonNode before) {
        ObjectNode o = empty();
        SequencedMap<String, Double> old = figures(before);
        figures(after)
                .forEach((name, v) -> {
                    if (old.containsKey(name)) {
                        o.put(name, v - old.get(name));
                    }
                });
        return o;
    }

    private static SequencedMap<String, Double> figures(JsonNode score) {
        SequencedMap<String, Double> all = new LinkedHashMap<>();
        for (String name : EvaluationOptions.METRICS) {
            JsonNode v = score.path(name);
            JsonNode number = v.isObject() ? v.path("score") : v;
            if (number.isNumber()) {
                all.put(name, number.doubleValue());
            }
        }
        return all;
    }

    List<String> lines(JsonNode all) {
        List<String> lines = new ArrayList<>();
        if (all.has("languages")) {
            group("language", all, lines);
        }
        if (all.has("forgetting")) {
            lines.addAll(lines.isEmpty() ? List.of() : List.of(""));
            group("forgetting", all.get("forgetting"), lines);
        }
        return lines;
    }

    private void group(String title, JsonNode group, List<String> lines) {
        StringBuilder head = new StringBuilder(String.format(Locale.ROOT, "%-12s", title));
        head.append(String.format(Locale.ROOT, "%12s %8s", "tokens", "answers"));
        metrics.forEach(m -> head.append(String.format(Locale.ROOT, CELL, m)));
        lines.add(head.toString());
        group.path("languages")
                .forEachEntry((language, score) ->
                        rows(
                                language,
                                score,
                                group.path("before").path("languages").path(language),
                                group.path("difference").path("languages").path(language),
                                lines));
        rows(
                "all",
                group.path("total"),
                group.path("before").path("total"),
                group.path("difference").path("total"),
                lines);
    }

    private void rows(
            String name, JsonNode after, JsonNode before, JsonNode change, List<String> lines) {
        String counts =
                String.format(
                        Locale.ROOT,
                        "%,12d %,8d",
                        after.path("counted_tokens").longValue(0),
                        after.path("answers").longValue(0));
        lines.add(String.format(Locale.ROOT, "%-12s", name) + counts + cells(after, "%.4f"));
        if (before.isObject()) {
            String indent = String.format(Locale.ROOT, "%-33s", "  before");
            lines.add(indent + cells(before, "%.4f"));
            lines.add(String.format(Locale.ROOT, "%-33s", "  change") + cells(change, "%+.4f"));
        }
    }

    private String cells(JsonNode score, String format) {
        SequencedMap<String, Double> figures = figures(score);
        StringBuilder cells = new StringBuilder();
        for (String m : metrics) {
            Double v = figures.get(m);
            String text = v == null ? "-" : String.format(Locale.ROOT, format, v);
            cells.append(String.format(Locale.ROOT, CELL, text));
        }
        return cells.toString();
    }
}
