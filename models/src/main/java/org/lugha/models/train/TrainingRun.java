package org.lugha.models.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.lugha.models.ModelFiles;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.peft.PeftFiles;
import org.lugha.models.settings.RunConfig;
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

    /** How to treat a run that is in the output folder already. */
    public enum Start {
        /** There must be none. */
        NEW,
        /** It is replaced. */
        OVERWRITE,
        /** It is gone on with from its last checkpoint, or begun where there is none yet. */
        RESUME
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

    /** Opens and checks everything a run needs, tells what it would take, and trains nothing. */
    public void check(Start start) {
        new RunFolder(run.output()).require(run, start);
        try (RunSetup setup = RunSetup.open(run)) {
            new RunDescription(setup, listener).tell();
        }
    }

    /**
     * Trains.
     *
     * @param stop asked after every step; true saves and ends
     */
    public Result execute(Start start, BooleanSupplier stop) {
        RunFolder folder = new RunFolder(run.output());
        folder.require(run, start);
        RunLock lock = folder.holdsRun() ? RunLock.take(folder) : null;
        try {
            try (RunSetup setup = RunSetup.open(run)) {
                RunDescription told = new RunDescription(setup, listener);
                told.tell();
                ObjectNode origin = Provenance.of(setup);
                listener.begins();
                if (lock == null) {
                    folder.create();
                    lock = RunLock.take(folder);
                }
                folder.require(run, start); // from here on nobody else can change it
                boolean goesOn = start == Start.RESUME && folder.holdsRun();
                if (goesOn) {
                    Continuation.require(folder, origin, listener);
                }
                folder.prepare(goesOn);
                if (!goesOn) {
                    Staged.write(folder.run(), ModelFiles.json(origin) + "\n");
                }
                return train(told, folder, goesOn, stop);
            }
        } finally {
            if (lock != null) {
                lock.close();
            }
        }
    }

    private Result train(
            RunDescription told, RunFolder folder, boolean goesOn, BooleanSupplier stop) {
        RunSetup setup = told.setup();
        var from = goesOn ? folder.latest() : Optional.<RunCheckpoint>empty();
        long bytes = from.map(c -> c.state().metricsBytes()).orElse(0L);
        try (Metrics metrics = new Metrics(folder.metrics(), bytes);
                RunCourse course = new RunCourse(setup, folder, metrics, from, listener)) {
            boolean interrupted = course.run(stop);
            RunState end = course.state();
            RunReport report =
                    new RunReport(
                            setup,
                            metrics,
                            end,
                            Provenance.before(folder.run()),
                            told.plan(),
                            course.drawn(),
                            told.notes());
            save(setup, folder.result(setup.adapter().isPresent()), report);
            listener.note("energy: " + end.energy().line());
            Provenance.end(folder.run(), end, interrupted);
            Staged.write(folder.report(), report.page());
            return new Result(folder.path(), List.copyOf(metrics.steps()), interrupted);
        }
    }

    private void save(RunSetup setup, Path result, RunReport report) {
        try (Staged folder = Staged.replacing(result)) {
            if (setup.adapter().isPresent()) {
                String base = run.model().map(Path::toString).orElse(null);
                PeftFiles.writeInto(setup.adapter().get(), folder.path(), base);
            } else {
                setup.model().writeInto(folder.path());
            }
            setup.tokenizer().ifPresent(t -> t.save(folder.path()));
            Staged.write(folder.path().resolve("README.md"), report.card(result));
            folder.commit();
        }
        listener.note("wrote " + result);
    }
}
