package org.lugha.models.evaluate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.lugha.models.CausalLM;
import org.lugha.models.data.DataSet;
import org.lugha.models.data.LineEncoder;
import org.lugha.models.tokenizer.Tokenizer;

/**
 * Measures a model on data sets, language by language: losses, which never hold more than a batch's
 * logits of some rows, and metrics of what it answers to prompts, greedily. The same model and data
 * give the same figures.
 */
public final class ModelEvaluation {
    /** The key of what has no language: ISO 639-2's code for undetermined. */
    public static final String UNDETERMINED = "und";

    private final CausalLM model;
    private final LineEncoder lines;
    private final EvaluationOptions options;
    private final Function<String, CorpusMetric> metrics;

    /** Told how far it is. */
    @FunctionalInterface
    public interface Listener {
        /** Examples done of those there are; {@code what} is {@code loss} or {@code answers}. */
        void at(String what, long done, long total);
    }

    /**
     * An evaluation that can be made again and again.
     *
     * @param lines what made the examples, and makes prompts; where it has no tokenizer there are
     *     no bits per byte and no answers
     */
    public ModelEvaluation(CausalLM model, LineEncoder lines, EvaluationOptions options) {
        this(model, lines, options, CorpusMetric::of);
    }

    /** As the other with metrics by name that have other settings than the usual ones. */
    public ModelEvaluation(
            CausalLM model,
            LineEncoder lines,
            EvaluationOptions options,
            Function<String, CorpusMetric> metrics) {
        this.metrics = metrics;
        this.model = model;
        this.lines = lines;
        this.options = options;
    }

    /** As {@link #of(List, Listener)}, in silence. */
    public Evaluated of(List<DataSet> sets) {
        return of(sets, (_, _, _) -> {});
    }

    /** Measures. */
    public Evaluated of(List<DataSet> sets, Listener listener) {
        Tokenizer tokenizer = lines.encoder().tokenizer();
        SortedMap<String, LossSum> losses = new TreeMap<>();
        if (options.asksForLoss()) {
            new LossPass(model, tokenizer, options, listener).of(sets, losses);
        }
        List<Sample> samples =
                options.ofAnswers().isEmpty() || tokenizer == null
                        ? List.of()
                        : new Answers(model, lines, options).of(sets, listener);
        TreeSet<String> names = new TreeSet<>(losses.keySet());
        samples.forEach(s -> names.add(s.language()));
        SortedMap<String, LanguageScore> languages = new TreeMap<>();
        LossSum all = new LossSum();
        for (String name : names) {
            LossSum loss = losses.getOrDefault(name, new LossSum());
            all.add(loss);
            List<Sample> own = samples.stream().filter(s -> s.language().equals(name)).toList();
            languages.put(name, score(name, loss, own));
        }
        return new Evaluated(score("all", all, samples), languages, samples);
    }

    private LanguageScore score(String language, LossSum loss, List<Sample> samples) {
        SequencedMap<String, Score> scores = new LinkedHashMap<>();
        List<String> hypotheses = new ArrayList<>();
        List<String> references = new ArrayList<>();
        for (Sample s : samples) {
            hypotheses.add(s.hypothesis());
            references.add(s.reference());
        }
        if (!samples.isEmpty()) {
            for (String name : options.ofAnswers()) {
                CorpusMetric metric = metrics.apply(name);
                scores.put(name, metric.score(hypotheses, List.of(references)));
            }
        }
        return new LanguageScore(
                language,
                loss.examples(),
                loss.nll(),
                loss.counted(),
                loss.bytes(),
                samples.size(),
                scores);
    }

    static String name(String language) {
        return language.isEmpty() ? UNDETERMINED : language;
    }
}
