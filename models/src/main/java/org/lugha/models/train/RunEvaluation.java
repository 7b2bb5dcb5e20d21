package org.lugha.models.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lugha.models.evaluate.Evaluated;
import org.lugha.models.evaluate.EvaluationOptions;
import org.lugha.models.evaluate.LanguageScore;
import org.lugha.models.evaluate.ModelEvaluation;
import org.lugha.models.evaluate.Sample;
import org.lugha.models.settings.RunConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Measures a run's model on its evaluation data, as its settings ask. */
final class RunEvaluation {
    /** A metric that is of no interest: it makes the model answer. */
    private static final String ANSWERS = "exact_match";

    private final RunSetup setup;
    private final RunConfig.Evaluate asked;

    RunEvaluation(RunSetup setup) {
        this.setup = setup;
        this.asked = setup.run().evaluate();
    }

    Metrics.Evaluation at(int step) {
        List<String> metrics = new ArrayList<>(asked.metrics());
        if (!metrics.contains("loss")) {
            metrics.addFirst("loss");
        }
        EvaluationOptions options = options(metrics);
        Evaluated found = measure(options);
        ObjectNode figures = figures(found.total());
        if (found.languages().size() > 1) {
            ObjectNode each = figures.putObject("languages");
            found.languages().forEach((name, score) -> each.set(name, figures(score)));
        }
        List<Sample> samples = found.samples();
        if (options.ofAnswers().isEmpty() && asked.samples() > 0) {
            samples = measure(options(List.of(ANSWERS)).withLimit(asked.samples())).samples();
        }
        add(figures, samples);
        return Metrics.Evaluation.of(step, figures);
    }

    private EvaluationOptions options(List<String> metrics) {
        int limit = asked.examples() == 0 ? Integer.MAX_VALUE : asked.examples();
        return EvaluationOptions.of(metrics)
                .withLimit(limit)
                .withMaxNewTokens(asked.maxNewTokens())
                .withRows(setup.run().sequences());
    }

    private Evaluated measure(EvaluationOptions options) {
        return new ModelEvaluation(setup.model(), setup.lines(), options).of(setup.eval());
    }

    private static ObjectNode figures(LanguageScore score) {
        ObjectNode o = JsonMapper.shared().createObjectNode();
        o.put("loss", score.loss()).put("counted_tokens", score.counted());
        for (Map.Entry<String, Double> e : score.values().entrySet()) {
            if (!e.getKey().equals("loss") && Double.isFinite(e.getValue())) {
                o.put(e.getKey(), e.getValue());
            }
        }
        return o;
    }

    /** The first few of every file, in whose order they come. */
    private void add(ObjectNode figures, List<Sample> samples) {
        Map<String, Integer> shown = new java.util.HashMap<>();
        ArrayNode all = null;
        for (Sample s : samples) {
            if (shown.merge(s.language(), 1, Integer::sum) <= asked.samples()) {
                all = all == null ? figures.putArray("samples") : all;
                all.addObject()
                        .put("language", s.language())
                        .put("prompt", s.prompt())
                        .put("reference", s.reference())
                        .put("text", s.hypothesis());
            }
        }
    }
}
