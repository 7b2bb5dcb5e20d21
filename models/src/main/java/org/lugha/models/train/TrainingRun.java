package org.lugha.models.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.lugha.autograd.Parameter;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelFiles;
import org.lugha.models.QuantizedModel;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.data.DataSet;
import org.lugha.models.data.Example;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.peft.Attached;
import org.lugha.models.peft.PeftFiles;
import org.lugha.models.settings.Freezing;
import org.lugha.models.settings.Method;
import org.lugha.models.settings.RunConfig;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run from RUN.yaml to its output folder: checks everything, trains, writes {@code run.json},
 * {@code metrics.jsonl}, {@code adapter/} or {@code model/}, and {@code report.html}.
 */
public final class TrainingRun {

    /** Told what happens; every method may be left out. */
    public interface Listener {
        /** A line for the log. */
        default void note(String line) {}

        /** Everything is checked; from here on the output folder is written. */
        default void begins() {}

        default void step(Metrics.Step step, int total) {}

        default void evaluated(Metrics.Evaluation evaluation) {}
    }

    /**
     * What came out.
     *
     * @param interrupted whether it was stopped before its last step, after saving
     */
    public record Result(Path output, List<Metrics.Step> steps, boolean interrupted) {}

    private final RunConfig run;
    private final Listener listener;

    public TrainingRun(RunConfig run, Listener listener) {
        this.run = run;
        this.listener = listener;
    }

    /**
     * Opens and checks everything a run needs, and trains nothing.
     *
     * @param overwrite whether a run in the output folder may be replaced
     */
    public void check(boolean overwrite) {
        new RunFolder(run.output()).require(run, overwrite);
        try (RunSetup setup = RunSetup.open(run)) {
            describe(setup);
        }
    }

    /**
     * Trains.
     *
     * @param overwrite a run that is in the output folder already is replaced
     * @param stop asked after every step; true saves and ends
     */
    public Result execute(boolean overwrite, BooleanSupplier stop) {
        RunFolder folder = new RunFolder(run.output());
        folder.require(run, overwrite);
        try (RunSetup setup = RunSetup.open(run)) {
            describe(setup);
            ObjectNode origin = Provenance.of(setup);
            listener.begins();
            folder.prepare();
            Staged.write(folder.run(), ModelFiles.json(origin) + "\n");
            try (Metrics metrics = new Metrics(folder.metrics())) {
                boolean interrupted = train(setup, metrics, stop);
                save(setup, folder.result(setup.adapter().isPresent()));
                Staged.write(folder.report(), RunReport.page(run, setup, metrics));
                return new Result(folder.path(), List.copyOf(metrics.steps()), interrupted);
            }
        }
    }

    private boolean train(RunSetup setup, Metrics metrics, BooleanSupplier stop) {
        int total = setup.steps();
        var o = run.optimizer();
        ExampleStream data =
                new ExampleStream(
                        setup.examples(),
                        run.data().samplingTemperature(),
                        run.data().shuffle(),
                        run.seed());
        try (AdamW adam = o.of(setup.model().trainable())) {
            adam.rates(p -> o.plus().factor(p, o.lr()));
            TrainingLoop loop =
                    new TrainingLoop(
                            setup.model(),
                            data,
                            adam,
                            schedule(total),
                            new TrainingLoop.Settings(
                                    run.sequences(),
                                    run.accumulate(),
                                    o.lr(),
                                    o.clipGradNorm(),
                                    run.seed(),
                                    run.precision().saved(),
                                    run.gradientCheckpointing()));
            for (int s = 1; s <= total; s++) {
                Metrics.Step step = loop.step();
                metrics.add(step);
                listener.step(step, total);
                boolean last = s == total || stop.getAsBoolean();
                if (run.evaluateEvery() > 0 && (last || s % run.evaluateEvery() == 0)) {
                    evaluate(setup, metrics, s);
                }
                if (last) {
                    return s < total;
                }
            }
            return false;
        }
    }

    private void evaluate(RunSetup setup, Metrics metrics, int step) {
        List<Example> examples = setup.eval().stream().flatMap(d -> d.examples().stream()).toList();
        if (!examples.isEmpty()) {
            var e = TrainingLoop.evaluate(setup.model(), examples, run.sequences(), step);
            metrics.add(e);
            listener.evaluated(e);
        }
    }

    private Schedule schedule(int total) {
        var s = run.schedule();
        return switch (s.type()) {
            case "constant" -> new Schedule.Constant(s.warmupSteps());
            case "linear" -> new Schedule.Linear(s.warmupSteps(), total, s.minLrRatio());
            default -> new Schedule.Cosine(s.warmupSteps(), total, s.minLrRatio());
        };
    }

    private void save(RunSetup setup, Path result) {
        try (Staged folder = Staged.replacing(result)) {
            if (setup.adapter().isPresent()) {
                String base = run.model().map(Path::toString).orElse(null);
                PeftFiles.writeInto(setup.adapter().get(), folder.path(), base);
            } else {
                setup.model().writeInto(folder.path());
            }
            setup.tokenizer().ifPresent(t -> t.save(folder.path()));
            folder.commit();
        }
        listener.note("wrote " + result);
    }

    private void describe(RunSetup setup) {
        if (run.schedule().warmupSteps() > setup.steps()) {
            throw new RequestException(
                    "schedule.warmup_steps is "
                            + run.schedule().warmupSteps()
                            + ", but the run ends after "
                            + setup.steps()
                            + " steps; use fewer warm-up steps or a longer run");
        }
        for (DataSet d : setup.train()) {
            listener.note(d.describe());
        }
        long trained = 0;
        for (Parameter p : setup.model().trainable()) {
            trained += p.shape().count();
        }
        listener.note(
                String.format(
                        Locale.ROOT,
                        "%s: %,d parameters, %,d trained (%.2f %%), on %s",
                        run.model().or(run::modelConfig).orElseThrow(),
                        setup.model().size(),
                        trained,
                        100.0 * trained / setup.model().size(),
                        setup.device().description()));
        listener.note("memory: a step takes at most " + memory(setup));
        warn(setup);
    }

    /** Of the longest row as often as a batch has rows, which no real batch exceeds. */
    private MemoryPlan memory(RunSetup setup) {
        List<Example> examples = setup.examples();
        return MemoryPlan.of(
                setup.device(),
                new MemoryPlan.Request(
                        new ConfigJson("config.json", setup.model().configJson()),
                        run.precision(),
                        setup.adapter().map(Attached::config),
                        run.sequences(),
                        examples.stream().mapToInt(e -> e.ids().length).max().orElse(1),
                        examples.stream().mapToInt(Example::counted).max().orElse(0),
                        run.accumulate(),
                        run.gradientCheckpointing(),
                        QuantizedModel.of(setup.model()),
                        run.method() instanceof Method.Full(Freezing f) ? f : Freezing.NONE));
    }

    /** What is allowed and yet hardly meant. */
    private void warn(RunSetup setup) {
        if (run.evaluateEvery() > 0 && setup.eval().isEmpty()) {
            listener.note("note: evaluate.every has no effect without files in data.eval");
        }
        setup.model().config().trainingNotes().forEach(n -> listener.note("note: " + n));
        if (setup.model().config().maxPositions() < run.data().maxLength()
                && setup.train().stream().anyMatch(d -> d.cut() > 0)) {
            listener.note(
                    "note: the model has "
                            + setup.model().config().maxPositions()
                            + " positions; examples are cut to those, not to data.max_length");
        }
        if (run.modelConfig().isPresent() && setup.adapter().isPresent()) {
            listener.note(
                    "note: the adapter fits these random weights alone, which are not saved; use"
                            + " method.type: full, or a checkpoint as model.path");
        }
    }
}
