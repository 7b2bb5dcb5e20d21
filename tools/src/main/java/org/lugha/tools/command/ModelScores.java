package org.lugha.tools.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.data.DataFile;
import org.lugha.models.data.DataSet;
import org.lugha.models.data.LineEncoder;
import org.lugha.models.evaluate.Evaluated;
import org.lugha.models.evaluate.EvaluationOptions;
import org.lugha.models.evaluate.ModelEvaluation;
import org.lugha.models.evaluate.Sample;
import org.lugha.models.peft.Attached;
import org.lugha.tools.Progress;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A model's figures by language, before and after where they are compared. */
final class ModelScores {
    private final ModelOptions model;
    private final ModelData data;
    private final EvaluationOptions options;
    private final MetricOptions metrics;
    private final ObjectNode all = JsonMapper.shared().createObjectNode();
    private final List<Sample> samples = new ArrayList<>();

    private ModelScores(
            ModelOptions model, ModelData data, EvaluationOptions options, MetricOptions metrics) {
        this.model = model;
        this.data = data;
        this.options = options;
        this.metrics = metrics;
    }

    static ModelScores of(ModelOptions model, ModelData data, String names, MetricOptions metrics) {
        data.check(model.hasAdapter());
        EvaluationOptions options = data.options(names);
        options.ofAnswers().forEach(metrics::metric); // wrong settings before the model is loaded
        ModelScores scores = new ModelScores(model, data, options, metrics);
        JsonNode report = data.report() == null ? null : read(data.report());
        scores.measure(report);
        return scores;
    }

    private void measure(JsonNode report) {
        List<DataFile> mine = data.data();
        List<DataFile> bases = data.forgetting();
        try (CausalLM lm = model.base()) {
            LineEncoder lines = model.lines(lm);
            List<DataSet> sets = new ArrayList<>();
            try {
                int most = Math.min(data.maxLength(), lm.config().maxPositions());
                for (List<DataFile> files : List.of(mine, bases)) {
                    for (DataFile f : files) {
                        sets.add(DataSet.read(f, lines, most, lm.vocabularySize()));
                    }
                }
                Optional<Attached> adapter = model.attach(lm);
                ModelEvaluation one = new ModelEvaluation(lm, lines, options, metrics::metric);
                List<DataSet> first = sets.subList(0, mine.size());
                List<DataSet> others = sets.subList(mine.size(), sets.size());
                group(all, first, one, adapter, report);
                if (!others.isEmpty()) {
                    JsonNode then = report == null ? null : report.path("forgetting");
                    group(all.putObject("forgetting"), others, one, adapter, then);
                }
                requireAnswers(mine.isEmpty() ? bases : mine);
            } finally {
                sets.forEach(DataSet::close);
            }
        }
    }

    private void group(
            ObjectNode to,
            List<DataSet> sets,
            ModelEvaluation one,
            Optional<Attached> adapter,
            JsonNode report) {
        if (sets.isEmpty()) {
            return;
        }
        ObjectNode after = run(one, sets, "");
        to.setAll(after);
        JsonNode before = report;
        if (data.comparesWithBase()) {
            adapter.orElseThrow().deactivate();
            before = run(one, sets, "before ");
            adapter.orElseThrow().activate();
        }
        if (before != null) {
            FigureTable.compare(to, before);
        }
    }

    private ObjectNode run(ModelEvaluation one, List<DataSet> sets, String when) {
        try (Steps steps = new Steps(when)) {
            Evaluated made = one.of(sets, steps);
            if (when.isEmpty()) {
                samples.addAll(made.samples());
            }
            return made.json();
        }
    }

    private void requireAnswers(List<DataFile> files) {
        if (!options.ofAnswers().isEmpty() && samples.isEmpty()) {
            throw new RequestException(
                    "--metrics "
                            + String.join(",", options.ofAnswers())
                            + ": needs prompts to answer (completion, chat, translation), "
                            + files.getFirst().path()
                            + " has none");
        }
    }

    private static JsonNode read(Path report) {
        try {
            JsonNode before = JsonMapper.shared().readTree(Files.readString(report, UTF_8));
            if (!before.path("languages").isObject() && !before.path("forgetting").isObject()) {
                throw new RequestException(
                        report + ": needs \"languages\" as evaluate --output writes them");
            }
            return before;
        } catch (IOException | JacksonException e) {
            throw new RequestException(
                    "--before " + report + ": cannot be read as JSON; give what --output wrote", e);
        }
    }

    ObjectNode json() {
        return all;
    }

    List<String> lines() {
        return new FigureTable(options.metrics()).lines(all);
    }

    /** A line of JSON for every answer. */
    String samples() {
        StringBuilder lines = new StringBuilder();
        for (Sample s : samples) {
            ObjectNode o = JsonMapper.shared().createObjectNode();
            o.put("language", s.language()).put("prompt", s.prompt());
            o.put("reference", s.reference()).put("hypothesis", s.hypothesis());
            lines.append(JsonMapper.shared().writeValueAsString(o)).append('\n');
        }
        return lines.toString();
    }

    /** A bar for losses, then one for answers. */
    private static final class Steps implements ModelEvaluation.Listener, AutoCloseable {
        private final String when;
        private String what = "";
        private Progress bar;

        Steps(String when) {
            this.when = when;
        }

        @Override
        public void at(String now, long done, long total) {
            if (!now.equals(what)) {
                close();
                what = now;
                bar = new Progress(when + now, total);
            }
            bar.at(done, "");
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
            }
        }
    }
}
