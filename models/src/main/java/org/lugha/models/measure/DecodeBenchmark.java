package org.lugha.models.measure;

import java.util.Arrays;
import java.util.List;
import org.lugha.models.CausalLM;
import org.lugha.models.RequestException;
import org.lugha.models.Sampler;
import org.lugha.models.settings.Precision;
import org.lugha.nn.Embedding;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Times greedy generation on random weights and random prompts: only shapes matter. Between the
 * rounds the device copies a block far larger than its caches, so that the rate at which weights
 * are read can be held against what memory gave in the same minute.
 */
public final class DecodeBenchmark {
    /** F32 numbers of the block that is copied: 128 MiB. */
    private static final int BLOCK = 1 << 25;

    /**
     * What is timed: {@code batch} prompts of {@code prompt} tokens, {@code fresh} new ones each.
     *
     * @param precision the type of the weights
     */
    public record Request(
            BenchmarkShape shape,
            Precision precision,
            int batch,
            int prompt,
            int fresh,
            int rounds,
            Device device) {}

    /**
     * Medians of alternating rounds.
     *
     * @param firstSeconds until the first new token, which takes in the prompt
     * @param tokenSeconds a further token of every row
     * @param passBytes what a further token of every row reads: weights, all but the other rows of
     *     tables that are looked up in, and the cache at its mean length
     * @param copyRate bytes a second of a copy, what is read and what is written added up
     */
    public record Outcome(
            double firstSeconds, double tokenSeconds, long passBytes, double copyRate) {
        /** Bytes a second that generation reads. */
        public double passRate() {
            return passBytes / tokenSeconds;
        }
    }

    private DecodeBenchmark() {}

    /** One round of warm-up, then the timed ones. */
    public static Outcome run(Request r) {
        try (CausalLM model = r.shape().open(r.device(), r.precision().weights());
                var _ = Scope.open("bench generate")) {
            int most = model.config().maxPositions();
            if (r.prompt() + r.fresh() > most) {
                throw new RequestException(
                        "bench generate: prompt and new tokens are "
                                + (r.prompt() + r.fresh())
                                + ", the shape has "
                                + most
                                + " positions");
            }
            model.freeze(true);
            int[][] prompts = prompts(r, model.vocabularySize());
            Memory memory = Memory.on(r.device());
            double[] first = new double[r.rounds()];
            double[] token = new double[r.rounds()];
            double[] copy = new double[r.rounds()];
            for (int i = -1; i < r.rounds(); i++) {
                double copied = memory.copyRate();
                double one = seconds(model, prompts, 1);
                double all = seconds(model, prompts, r.fresh() + 1);
                if (i >= 0) {
                    first[i] = one;
                    token[i] = (all - one) / r.fresh();
                    copy[i] = copied;
                }
            }
            return new Outcome(median(first), median(token), passBytes(model, r), median(copy));
        }
    }

    private static int[][] prompts(Request r, int vocabulary) {
        int[][] prompts = new int[r.batch()][r.prompt()];
        for (int b = 0; b < r.batch(); b++) {
            for (int t = 0; t < r.prompt(); t++) {
                long at = (long) b * r.prompt() + t;
                prompts[b][t] = (int) (Philox.uniform(3, at) * vocabulary);
            }
        }
        return prompts;
    }

    /** A block and another that begins elsewhere in a page: equal places wait for each other. */
    private record Memory(Tensor block, Tensor other) {
        private static final int ROUNDS = 5;

        static Memory on(Device device) {
            Tensor block = Tensor.full(device, DType.F32, Shape.of(BLOCK), 1);
            Tensor more = Tensor.full(device, DType.F32, Shape.of(BLOCK + 512), 1);
            return new Memory(block, more.slice(0, 512, BLOCK + 512));
        }

        double copyRate() {
            var kernel = block.device().kernels().copy();
            return rate(8.0 * BLOCK, () -> kernel.copy(block, Into.overwrite(other)));
        }

        private static double rate(double bytes, Runnable work) {
            double[] rates = new double[ROUNDS];
            for (int i = 0; i < rates.length; i++) {
                long since = System.nanoTime();
                work.run();
                rates[i] = bytes / ((System.nanoTime() - since) * 1e-9);
            }
            return median(rates);
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

    private static long passBytes(CausalLM model, Request r) {
        long weights = model.size();
        for (var m : model.modules().values()) {
            if (m instanceof Embedding e && e.weight() != model.parts().head().weight()) {
                weights -= e.weight().shape().count();
            }
        }
        var cache = model.parts().cache();
        long aToken = 2L * cache.layers() * cache.heads() * cache.dim();
        long held = r.batch() * (r.prompt() + r.fresh() / 2L);
        return weights * model.dtype().bytes() + held * aToken * model.dtype().wide().bytes();
    }

    private static double median(double[] of) {
        double[] sorted = of.clone();
        Arrays.sort(sorted);
        return (sorted[(of.length - 1) / 2] + sorted[of.length / 2]) / 2;
    }
}
