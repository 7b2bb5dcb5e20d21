package org.lugha.tools.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.lugha.models.RequestException;
import org.lugha.models.data.ExampleFile;
import org.lugha.models.evaluate.CorpusMetric;
import org.lugha.models.evaluate.LabelReport;
import org.lugha.models.evaluate.Score;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The metrics of a file of hypotheses beside files of references. */
record TextScores(
        List<String> hypotheses,
        List<List<String>> references,
        SequencedMap<String, CorpusMetric> metrics,
        SequencedMap<String, Score> scores) {
    private static final String USUAL = "bleu,chrf,chrf++,ter";
    private static final List<String> OF_LABELS = List.of("accuracy", "macro-f1");

    static TextScores of(
            Path hypotheses, List<Path> references, String key, String list, MetricOptions with) {
        List<String> names = MetricOptions.names(list == null ? USUAL : list, CorpusMetric.NAMES);
        if (references.size() > 1 && names.stream().anyMatch(OF_LABELS::contains)) {
            throw new RequestException(
                    "--references: labels have one file, got " + references.size());
        }
        SequencedMap<String, CorpusMetric> metrics = new LinkedHashMap<>();
        names.forEach(n -> metrics.put(n, with.metric(n)));
        List<String> made = lines(hypotheses, key);
        List<List<String>> wanted = new ArrayList<>();
        for (Path file : references) {
            List<String> lines = lines(file, key);
            if (lines.size() != made.size()) {
                throw new RequestException(
                        String.format(
                                Locale.ROOT,
                                "%s: needs a line for each of %s, which has %,d; got %,d",
                                file,
                                hypotheses,
                                made.size(),
                                lines.size()));
            }
            wanted.add(lines);
        }
        SequencedMap<String, Score> scores = new LinkedHashMap<>();
        metrics.forEach((n, m) -> scores.put(n, m.score(made, wanted)));
        return new TextScores(made, wanted, metrics, scores);
    }

    private static List<String> lines(Path file, String key) {
        List<String> lines = new ArrayList<>();
        if (file.toString().endsWith(".jsonl")) {
            ExampleFile.some(file).forEach(l -> lines.add(l.text(key)));
        } else {
            new TextLines(file)
                    .forEach(
                            "read",
                            s -> lines.add(s.endsWith("\r") ? s.substring(0, s.length() - 1) : s));
        }
        if (lines.isEmpty()) {
            throw new RequestException(file + ": is empty; it needs at least one line");
        }
        return lines;
    }

    ObjectNode json() {
        ObjectNode all = JsonMapper.shared().createObjectNode();
        scores.forEach((name, s) ->
                all.putObject(name).put("score", s.value()).put("signature", s.signature()));
        if (scores.keySet().stream().anyMatch(OF_LABELS::contains)) {
            ObjectNode classes = all.putObject("classes");
            LabelReport.of(hypotheses, references.getFirst())
                    .classes()
                    .forEach((label, c) ->
                            classes.putObject(label)
                                    .put("precision", c.precision())
                                    .put("recall", c.recall())
                                    .put("f1", c.f1())
                                    .put("support", c.support())
                                    .put("predicted", c.predicted()));
        }
        return all;
    }

    List<String> lines() {
        List<String> all = new ArrayList<>();
        scores.forEach((name, s) ->
                all.add(
                        String.format(
                                Locale.ROOT,
                                OF_LABELS.contains(name) ? "%-11s %8.4f  %s" : "%-11s %8.2f  %s",
                                name,
                                s.value(),
                                s.signature())));
        return all;
    }

    /** A line of JSON for every line of text. */
    String sentences() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < hypotheses.size(); i++) {
            int line = i;
            List<String> wanted = references.stream().map(r -> r.get(line)).toList();
            ObjectNode o = JsonMapper.shared().createObjectNode();
            metrics.forEach((name, m) -> {
                if (!name.equals("macro-f1")) {
                    o.put(name, m.sentence(hypotheses.get(line), wanted).value());
                }
            });
            all.append(JsonMapper.shared().writeValueAsString(o)).append('\n');
        }
        return all.toString();
    }
}
