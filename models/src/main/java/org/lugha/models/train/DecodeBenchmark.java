package org.lugha.models.train;

import java.util.Arrays;
import java.util.List;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.models.Sampler;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import tools.jackson.databind.json.JsonMapper;

/** Times greedy generation on random weights and random prompts: only shapes matter. */
public final class DecodeBenchmark {
    /**
     * What is timed: {@code batch} prompts of {@code prompt} tokens, {@code fresh} new ones each.
     */
    public record Request(
            StepBenchmark.Size size, int batch, int prompt, int fresh, int rounds, Device device) {}

    /**
     * Medians.
     *
     * @param firstSeconds until the first new token, which takes in the prompt
     * @param tokenSeconds a further token of every row
     * @param weightBytes weights that a token reads: all but the embedding's other rows
     */
    public record Outcome(double firstSeconds, double tokenSeconds, long weightBytes) {}

    private DecodeBenchmark() {}

    /** One round of warm-up, then the timed ones. */
    public static Outcome run(Request r) {
        var tree = JsonMapper.shared().readTree(r.size().config());
        try (CausalLM model = CausalLM.declare(new ConfigJson("shape", tree.asObject()))) {
            int most = tree.get("max_position_embeddings").intValue();
            if (r.prompt() + r.fresh() > most) {
                throw new RequestException(
                        "bench generate: prompt and new tokens are "
                                + (r.prompt() + r.fresh())
                                + ", the shape has "
                                + most
                                + " positions");
            }
            model.initialize(r.device(), DType.F32, 0);
            int[][] prompts = new int[r.batch()][r.prompt()];
            for (int b = 0; b < r.batch(); b++) {
                for (int t = 0; t < r.prompt(); t++) {
                    long at = (long) b * r.prompt() + t;
                    prompts[b][t] = (int) (Philox.uniform(3, at) * model.vocabularySize());
                }
            }
            double[] first = new double[r.rounds()];
            double[] token = new double[r.rounds()];
            for (int i = -1; i < r.rounds(); i++) {
                double one = seconds(model, prompts, 1);
                double all = seconds(model, prompts, r.fresh() + 1);
                if (i >= 0) {
                    first[i] = one;
                    token[i] = (all - one) / r.fresh();
                }
            }
            long embedding = (long) model.vocabularySize() * tree.get("hidden_size").intValue();
            return new Outcome(median(first), median(token), 4 * (model.size() - embedding));
        }
    }

    private static double seconds(CausalLM model, int[][] prompts, int fresh) {
        long since = System.nanoTime();
        var made = model.generate(List.of(prompts), fresh, new Sampler.Greedy(), List.of());
        double seconds = (System.nanoTime() - since) * 1e-9;
        if (made.stream().anyMatch(m -> m.length != fresh)) {
            throw new IllegalStateException("generation ended early");
        }
        return seconds;
    }

    private static double median(double[] of) {
        Arrays.sort(of);
        return (of[(of.length - 1) / 2] + of[of.length / 2]) / 2;
    }
}
