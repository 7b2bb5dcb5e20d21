package org.lugha.models.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.lugha.models.energy.Energy;
import org.lugha.models.report.ReportData.Evaluation;
import org.lugha.models.report.ReportData.Source;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * The part of a card that the hub reads, between two lines of three dashes. Every text is quoted:
 * {@code no} is Norwegian and not false.
 */
record CardHead(ModelCard card) {
    /** Licences that the hub knows by these names; others have a name of their own. */
    private static final Set<String> LICENCES =
            Set.of(
                    "apache-2.0",
                    "mit",
                    "bsd-2-clause",
                    "bsd-3-clause",
                    "gpl-2.0",
                    "gpl-3.0",
                    "lgpl-3.0",
                    "agpl-3.0",
                    "mpl-2.0",
                    "eupl-1.2",
                    "cc0-1.0",
                    "cc-by-2.0",
                    "cc-by-2.5",
                    "cc-by-3.0",
                    "cc-by-4.0",
                    "cc-by-sa-3.0",
                    "cc-by-sa-4.0",
                    "cc-by-nc-2.0",
                    "cc-by-nc-3.0",
                    "cc-by-nc-4.0",
                    "cc-by-nd-4.0",
                    "cc-by-nc-nd-3.0",
                    "cc-by-nc-nd-4.0",
                    "cc-by-nc-sa-2.0",
                    "cc-by-nc-sa-3.0",
                    "cc-by-nc-sa-4.0",
                    "odc-by",
                    "odbl",
                    "pddl",
                    "openrail",
                    "unlicense",
                    "isc",
                    "bigscience-bloom-rail-1.0",
                    "llama2",
                    "llama3",
                    "llama3.1",
                    "llama3.2",
                    "gemma");

    private static final YAMLMapper YAML =
            YAMLMapper.builder().disable(YAMLWriteFeature.SPLIT_LINES).build();

    String yaml() {
        ObjectNode o = YAML.createObjectNode();
        list(o, "language", languages());
        licence(o);
        o.put("library_name", card.peft() ? "peft" : card.adapter() ? "lugha" : "transformers");
        card.baseId().ifPresent(id -> o.put("base_model", id));
        o.put("pipeline_tag", "text-generation");
        list(o, "tags", tags());
        list(o, "datasets", card.data().stream().map(Source::name));
        list(
                o,
                "metrics",
                card.saved().stream()
                        .flatMap(e -> EvaluationSeries.figures(e).entrySet().stream())
                        .filter(f -> Double.isFinite(f.getValue()))
                        .map(f -> type(f.getKey()))
                        .filter(t -> !t.equals("loss")));
        card.energy().ifPresent(e -> emissions(o, e));
        if (!card.saved().isEmpty()) {
            index(o.putArray("model-index").addObject());
        }
        return YAML.writeValueAsString(o).stripTrailing() + "\n---\n";
    }

    private Stream<String> tags() {
        Stream<String> method =
                card.adapter() ? Stream.of(card.method(), "adapter") : Stream.of("full");
        String q = card.method().startsWith("q") ? card.method().substring(1) : "";
        return Stream.concat(Stream.of("lugha"), Stream.concat(method, Stream.of(q)));
    }

    /** Codes of two or three letters; a script behind them is left away. */
    private Stream<String> languages() {
        return Stream.concat(card.data().stream().map(Source::language), card.languages().stream())
                .map(l -> l.toLowerCase(Locale.ROOT).split("[-_]", 2)[0])
                .filter(l -> l.matches("[a-z]{2,3}"));
    }

    private void licence(ObjectNode o) {
        String said = card.licence().strip().toLowerCase(Locale.ROOT);
        if (said.isEmpty()) {
            return;
        }
        boolean known = LICENCES.contains(said);
        o.put("license", known ? said : "other");
        if (!known) {
            o.put("license_name", said.replaceAll("[^a-z0-9.]+", "-"));
        }
    }

    private void emissions(ObjectNode o, Energy e) {
        if (e.gramsCo2().isEmpty()) {
            return;
        }
        ObjectNode c = o.putObject("co2_eq_emissions");
        c.put("emissions", decimal(e.gramsCo2().getAsDouble()));
        c.put("source", "Lugha, " + e.explanation());
        c.put("training_type", card.base().isPresent() ? "fine-tuning" : "pre-training");
        c.put("hardware_used", card.hardware());
    }

    private void index(ObjectNode model) {
        model.put("name", card.name());
        ArrayNode results = model.putArray("results");
        for (Evaluation e : card.saved()) {
            ObjectNode result = results.addObject();
            result.putObject("task").put("type", "text-generation").put("name", "Text generation");
            String set = EvaluationSeries.name(e);
            String type = set.replaceAll("[^\\p{L}\\p{N}_.-]+", "-");
            result.putObject("dataset").put("name", "evaluation data: " + set).put("type", type);
            ArrayNode metrics = result.putArray("metrics");
            EvaluationSeries.figures(e)
                    .forEach((name, value) -> {
                        if (Double.isFinite(value)) {
                            ObjectNode m = metrics.addObject();
                            m.put("type", type(name));
                            m.put("value", decimal(value));
                            m.put("name", name);
                        }
                    });
        }
    }

    /** The hub's name of a metric. */
    private static String type(String figure) {
        return switch (figure.toLowerCase(Locale.ROOT)) {
            case "chrf++" -> "chrf";
            case "macro-f1", "macro_f1" -> "f1";
            default -> figure.toLowerCase(Locale.ROOT).replace(' ', '_');
        };
    }

    private static void list(ObjectNode o, String key, Stream<String> values) {
        Set<String> all = new LinkedHashSet<>(values.filter(v -> !v.isBlank()).toList());
        if (!all.isEmpty()) {
            ArrayNode array = o.putArray(key);
            all.forEach(array::add);
        }
    }

    /** Six places, and never a power of ten, which some readers of YAML take for text. */
    private static BigDecimal decimal(double v) {
        BigDecimal d = new BigDecimal(v).setScale(6, RoundingMode.HALF_UP).stripTrailingZeros();
        return d.scale() < 0 ? d.setScale(0) : d;
    }
}
