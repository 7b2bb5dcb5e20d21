package org.lugha.models.evaluate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.lugha.models.CausalLM;
import org.lugha.models.Sampler;
import org.lugha.models.data.DataSet;
import org.lugha.models.data.LineEncoder;
import org.lugha.models.tokenizer.Tokenizer;

/** What a model answers to the prompts of data files, greedily, in batches of like length. */
final class Answers {
    private final CausalLM model;
    private final Tokenizer tokenizer;
    private final LineEncoder lines;
    private final EvaluationOptions options;
    private final int eos;

    Answers(CausalLM model, LineEncoder lines, EvaluationOptions options) {
        this.model = model;
        this.lines = lines;
        this.options = options;
        tokenizer = lines.encoder().tokenizer();
        eos = lines.encoder().eos();
    }

    List<Sample> of(List<DataSet> sets, ModelEvaluation.Listener listener) {
        List<Question> questions = new ArrayList<>();
        for (DataSet set : sets) {
            questions.addAll(Question.of(set.file(), lines, options.limit()));
        }
        List<int[]> prompts = questions.stream().map(this::ids).toList();
        List<Integer> order =
                IntStream.range(0, prompts.size())
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> prompts.get(i).length))
                        .toList();
        String[] answers = new String[prompts.size()];
        for (int from = 0; from < order.size(); from += options.rows()) {
            List<Integer> some = order.subList(from, Math.min(from + options.rows(), order.size()));
            List<int[]> made =
                    model.generate(
                            some.stream().map(prompts::get).toList(),
                            options.maxNewTokens(),
                            Sampler.greedy(),
                            ends());
            for (int r = 0; r < some.size(); r++) {
                String text = tokenizer.decode(made.get(r), true);
                answers[some.get(r)] = questions.get(some.get(r)).trimmed(text);
            }
            listener.at("answers", from + some.size(), order.size());
        }
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            Question q = questions.get(i);
            samples.add(new Sample(q.language(), q.prompt(), q.reference(), answers[i]));
        }
        return samples;
    }

    /**
     * The prompt's tokens, without an end that the tokenizer adds; the last ones where model and
     * answer leave no room for more.
     */
    private int[] ids(Question q) {
        int[] ids = tokenizer.encode(q.prompt(), !q.conversation()).ids();
        int end = ids.length > 1 && ids[ids.length - 1] == eos ? ids.length - 1 : ids.length;
        int room = Math.max(1, model.config().maxPositions() - options.maxNewTokens());
        return Arrays.copyOfRange(ids, Math.max(0, end - room), end);
    }

    private List<Integer> ends() {
        List<Integer> ends = new ArrayList<>(model.endIds());
        if (eos >= 0) {
            ends.add(eos);
        }
        return ends;
    }
}
