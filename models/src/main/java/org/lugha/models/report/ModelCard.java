package org.lugha.models.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.lugha.models.energy.Energy;
import org.lugha.models.report.ReportData.Evaluation;
import org.lugha.models.report.ReportData.Fact;
import org.lugha.models.report.ReportData.Source;

/**
 * README.md of a model or an adapter, in Hugging Face's format: YAML that the hub reads, then text
 * for people.
 *
 * @param name of the result
 * @param folder it lies in, for the lines that show its use
 * @param base the folder or id of the model it was trained from; empty: random weights
 * @param baseId that model's id on the hub, where it is known; see {@link HubId}
 * @param adapter whether only an adapter was trained
 * @param method {@code full}, {@code lora} and so on, as in RUN.yaml
 * @param licence of the result, as its maker says; or blank
 * @param languages beside those of the data, such as the source language of translations
 * @param training what was trained how, a line each
 * @param data what was trained on
 * @param evaluations of the whole run, ascending by step
 * @param step whose weights are saved
 * @param hardware in a few words
 * @param prompt an example of what the model expects, or blank
 */
public record ModelCard(
        String name,
        String folder,
        Optional<String> base,
        Optional<String> baseId,
        boolean adapter,
        String method,
        String licence,
        List<String> languages,
        List<Fact> training,
        List<Source> data,
        List<Evaluation> evaluations,
        int step,
        Optional<Energy> energy,
        String hardware,
        String prompt) {
    public ModelCard {
        languages = List.copyOf(languages);
        training = List.copyOf(training);
        data = List.copyOf(data);
        evaluations = List.copyOf(evaluations);
    }

    /** The whole file. */
    public String markdown() {
        return new CardHead(this).yaml() + new CardText(this).markdown();
    }

    /** Whether PEFT reads the folder. */
    boolean peft() {
        return adapter
                && List.of("lora", "qlora", "dylora", "qdylora", "ia3", "prompt", "prefix")
                        .contains(method);
    }

    /** The last evaluation of every set that is not after the saved weights, set by set. */
    List<Evaluation> saved() {
        return evaluations.stream()
                .map(EvaluationSeries::name)
                .distinct()
                .flatMap(set -> of(set).filter(e -> e.step() <= step).reduce((a, b) -> b).stream())
                .toList();
    }

    /** The evaluation of a set before training. */
    Optional<Evaluation> before(String set) {
        return of(set).filter(e -> e.step() == 0).findFirst();
    }

    private Stream<Evaluation> of(String set) {
        return evaluations.stream().filter(e -> EvaluationSeries.name(e).equals(set));
    }
}
