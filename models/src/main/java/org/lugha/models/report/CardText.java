package org.lugha.models.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.lugha.models.energy.Energy;
import org.lugha.models.report.ReportData.Evaluation;
import org.lugha.models.report.ReportData.Source;
import tools.jackson.databind.json.JsonMapper;

/** The part of a card that people read, in Markdown. */
final class CardText {
    private final ModelCard card;
    private final StringBuilder out = new StringBuilder();

    CardText(ModelCard card) {
        this.card = card;
    }

    String markdown() {
        line("# " + escape(card.name()));
        line(opening());
        use();
        training();
        data();
        evaluation();
        card.energy().ifPresent(this::energy);
        limitations();
        return out.toString();
    }

    private String opening() {
        String from =
                card.base()
                        .map(b -> "`" + plain(card.baseId().orElse(b)) + "`")
                        .orElse("random weights");
        String what =
                card.adapter()
                        ? "An adapter (" + card.method() + ") for " + from
                        : "A language model, trained from " + from;
        return what + ", made with Lugha, which trains on the JVM.";
    }

    private void use() {
        line("## Use");
        String prompt = card.prompt().isBlank() ? "Your text" : card.prompt();
        String base = card.baseId().or(card::base).orElse("BASE");
        String folder = card.folder();
        String files =
                card.adapter()
                        ? "--model "
                                + shell(card.base().orElse("BASE"))
                                + " --adapter "
                                + shell(folder)
                        : "--model " + shell(folder);
        code("sh", "./lugha generate " + files + " --prompt " + shell(prompt));
        if (card.adapter() && !card.peft()) {
            return;
        }
        List<String> python = new ArrayList<>();
        python.add("from transformers import AutoModelForCausalLM, AutoTokenizer");
        if (card.adapter()) {
            python.add("from peft import PeftModel");
            python.add("");
            python.add("base = AutoModelForCausalLM.from_pretrained(" + quoted(base) + ")");
            python.add("model = PeftModel.from_pretrained(base, " + quoted(folder) + ")");
        } else {
            python.add("");
            python.add("model = AutoModelForCausalLM.from_pretrained(" + quoted(folder) + ")");
        }
        python.add("tokenizer = AutoTokenizer.from_pretrained(" + quoted(folder) + ")");
        python.add("inputs = tokenizer(" + quoted(prompt) + ", return_tensors=\"pt\")");
        python.add("output = model.generate(**inputs, max_new_tokens=64, do_sample=False)");
        python.add("print(tokenizer.decode(output[0], skip_special_tokens=True))");
        code("python", String.join("\n", python));
    }

    private void training() {
        if (!card.training().isEmpty()) {
            line("## Training");
            table(
                    List.of("", ""),
                    card.training().stream().map(f -> List.of(f.name(), f.value())).toList());
        }
    }

    private void data() {
        if (card.data().isEmpty()) {
            return;
        }
        line("## Data");
        List<List<String>> rows = new ArrayList<>();
        for (Source s : card.data()) {
            rows.add(
                    List.of(
                            s.name().isBlank() ? s.file() : s.name(),
                            s.language(),
                            Words.count(s.examples()),
                            Words.count(s.tokens()),
                            Words.share(s.counted(), s.tokens()),
                            Words.number(s.epochs(), 2),
                            s.licence().isBlank() ? "not stated" : s.licence(),
                            s.consent().isBlank() ? "not stated" : s.consent()));
        }
        table(
                List.of(
                        "data",
                        "language",
                        "examples",
                        "tokens",
                        "counted in the loss",
                        "epochs",
                        "licence",
                        "consent"),
                rows);
    }

    private void evaluation() {
        if (card.saved().isEmpty()) {
            return;
        }
        line("## Evaluation");
        List<List<String>> rows = new ArrayList<>();
        for (Evaluation e : card.saved()) {
            String set = EvaluationSeries.name(e);
            SequencedMap<String, Double> before =
                    card.before(set).map(EvaluationSeries::figures).orElse(new LinkedHashMap<>());
            EvaluationSeries.figures(e)
                    .forEach((figure, value) -> {
                        if (Double.isFinite(value)) {
                            double first = before.getOrDefault(figure, Double.NaN);
                            rows.add(
                                    List.of(set, figure, Words.figure(first), Words.figure(value)));
                        }
                    });
        }
        table(List.of("set", "figure", "before training", "after"), rows);
    }

    private void energy(Energy e) {
        line("## Energy");
        String co2 =
                e.gramsCo2().isPresent()
                        ? " and "
                                + Words.figure(e.gramsCo2().getAsDouble())
                                + " g of CO2 equivalent"
                        : "";
        line(
                "Training took "
                        + Words.energy(e.kilowattHours())
                        + co2
                        + " ("
                        + escape(e.explanation())
                        + ").");
    }

    private void limitations() {
        line("## Limitations");
        List<String> all = new ArrayList<>();
        all.add(
                "What the model writes can be wrong or hurtful. Let people who speak the language"
                        + " look at it before anybody relies on it.");
        all.add("Beyond the languages and kinds of text listed under Data nothing is known of it.");
        if (card.saved().isEmpty()) {
            all.add("It was not evaluated.");
        } else if (card.saved().stream().allMatch(e -> e.metrics().isEmpty())) {
            all.add("Only the loss was measured, which says little about the text that it writes.");
        }
        unsaid(all, "licence", card.data().stream().filter(s -> s.licence().isBlank()).toList());
        unsaid(all, "consent", card.data().stream().filter(s -> s.consent().isBlank()).toList());
        if (card.base().isPresent()) {
            all.add("Licence, limits and biases of the base model apply to it too.");
        }
        line("- " + String.join("\n- ", all));
    }

    private static void unsaid(List<String> all, String what, List<Source> without) {
        if (!without.isEmpty()) {
            List<String> files = without.stream().map(s -> "`" + plain(s.file()) + "`").toList();
            all.add(
                    "No "
                            + what
                            + " is stated for "
                            + String.join(", ", files)
                            + ": ask before you pass the model on.");
        }
    }

    private void line(String text) {
        out.append('\n').append(text).append('\n');
    }

    private void table(List<String> head, List<List<String>> rows) {
        out.append('\n');
        row(head);
        row(head.stream().map(_ -> "---").toList());
        rows.forEach(r -> row(r.stream().map(CardText::escape).toList()));
    }

    private void row(List<String> cells) {
        out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private void code(String language, String text) {
        String fence = text.contains("```") ? "~~~~~~" : "```";
        line(fence + language + "\n" + text + "\n" + fence);
    }

    /** Text in which nothing means anything to Markdown. */
    private static String escape(String text) {
        return plain(text).replaceAll("([\\\\`*\\[\\]<>|#~])", "\\\\$1");
    }

    /** One line without backticks, for what stands between two. */
    private static String plain(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ").replace('`', '\'').strip();
    }

    private static String shell(String text) {
        return text.matches("[\\w./:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** A text as Python and JSON both write it. */
    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
