package org.lugha.models.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Saved;
import org.lugha.autograd.Tape;
import org.lugha.autograd.Var;
import org.lugha.models.CausalLM;
import org.lugha.models.Tokens;
import org.lugha.models.data.Batch;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.nn.Pass;
import org.lugha.optim.AdamW;
import org.lugha.optim.GradientNorm;
import org.lugha.optim.Schedule;
import org.lugha.runtime.Philox;

/**
 * Optimizer steps over a stream of examples. The loss of a step is the mean over all counted tokens
 * of all its micro-batches together, so that how a step is cut into micro-batches changes nothing.
 */
public final class TrainingLoop {
    private final CausalLM model;
    private final ExampleStream data;
    private final AdamW adam;
    private final Schedule schedule;
    private final Settings settings;
    private final List<Parameter> trained;
    private int step;

    /**
     * How a step is made.
     *
     * @param sequences rows of a micro-batch
     * @param accumulate micro-batches of a step
     * @param clip largest global gradient norm; 0 does not clip
     * @param seed of dropout
     * @param saved how what backward needs is kept
     * @param recompute whether blocks are computed again in backward, which takes less memory and
     *     more time, and changes no bit
     */
    public record Settings(
            int sequences,
            int accumulate,
            double lr,
            double clip,
            long seed,
            Saved saved,
            boolean recompute) {
        /** Nothing is computed again. */
        public Settings(
                int sequences, int accumulate, double lr, double clip, long seed, Saved saved) {
            this(sequences, accumulate, lr, clip, seed, saved, false);
        }
    }

    public TrainingLoop(
            CausalLM model, ExampleStream data, AdamW adam, Schedule schedule, Settings settings) {
        this.model = model;
        this.data = data;
        this.adam = adam;
        this.schedule = schedule;
        this.settings = settings;
        this.trained = model.trainable();
    }

    /** Goes on after a step of another loop; data and optimizer are restored by themselves. */
    public void after(int done) {
        step = done;
    }

    /**
     * One step of the optimizer.
     *
     * @throws ArithmeticException when loss or gradient is not finite, naming step and examples;
     *     nothing was changed then
     */
    public Metrics.Step step() {
        long start = System.nanoTime();
        step++;
        model.modules()
                .values()
                .forEach(m -> m.adapters().forEach(a -> a.begin(settings.seed(), step)));
        List<Batch> batches = new ArrayList<>();
        long tokens = 0;
        long counted = 0;
        for (int i = 0; i < settings.accumulate(); i++) {
            Batch b = data.batch(settings.sequences(), step);
            batches.add(b);
            tokens += b.tokens();
            counted += model.counted(b.rows(), b.labels());
        }
        try {
            double loss = gradients(batches, counted);
            double norm = norm(batches);
            double lr = schedule.at(step, settings.lr());
            adam.update(lr, GradientNorm.clip(norm, settings.clip()));
            double seconds = (System.nanoTime() - start) * 1e-9;
            return new Metrics.Step(step, loss, norm, lr, tokens, counted, tokens / seconds);
        } finally {
            // also where the step failed: the next one must not add to half a gradient
            trained.forEach(Parameter::clearGradient);
        }
    }

    private double gradients(List<Batch> batches, long counted) {
        double loss = 0;
        for (int i = 0; i < batches.size(); i++) {
            Batch b = batches.get(i);
            long seed = Philox.derive(settings.seed(), (long) step * settings.accumulate() + i);
            try (var _ = Tape.open(settings.saved())) {
                Tokens rows = b.rows();
                Pass pass = model.pass(rows, true, seed).withRecompute(settings.recompute());
                Var l = model.loss(rows, b.labels(), 1.0 / counted, pass);
                double part = l.item();
                if (!Double.isFinite(part)) {
                    throw new ArithmeticException(
                            "step "
                                    + step
                                    + ": the loss is "
                                    + part
                                    + in(b)
                                    + "; lower optimizer.lr, or look for broken examples there");
                }
                loss += part;
                l.backward();
            }
        }
        return loss;
    }

    private double norm(List<Batch> batches) {
        try {
            return GradientNorm.of(trained);
        } catch (ArithmeticException e) {
            String where = batches.size() == 1 ? in(batches.getFirst()) : "";
            throw new ArithmeticException("step " + step + where + ": " + e.getMessage());
        }
    }

    private String in(Batch b) {
        int most = 8;
        List<String> names = Arrays.stream(b.members()).limit(most).mapToObj(data::name).toList();
        String more = b.members().length > most ? " and more" : "";
        return names.isEmpty() ? "" : " in the batch of " + String.join("; ", names) + more;
    }

    /** Mean cross-entropy over examples, and how many tokens counted. */
    public static Metrics.Evaluation evaluate(
            CausalLM model, List<Example> examples, int rows, int step) {
        double sum = 0;
        long counted = 0;
        for (int from = 0; from < examples.size(); from += rows) {
            Batch b = Batch.of(examples.subList(from, Math.min(from + rows, examples.size())));
            for (double[] row : model.nll(b.rows(), b.labels())) {
                for (double nll : row) {
                    sum += nll;
                }
                counted += row.length;
            }
        }
        return Metrics.Evaluation.of(step, sum / counted, counted);
    }
}
