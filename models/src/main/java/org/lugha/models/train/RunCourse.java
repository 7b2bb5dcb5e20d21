package org.lugha.models.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.lugha.autograd.Parameter;
import org.lugha.models.checkpoint.CheckpointException;
import org.lugha.models.data.ExampleStream;
import org.lugha.models.energy.EnergyMeter;
import org.lugha.models.settings.RunConfig;
import org.lugha.models.tensorboard.EventFile;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;
import tools.jackson.databind.JsonNode;

/**
 * The steps of a run and what happens between them: evaluation, checkpoints, an early end. A step
 * that fails leaves weights and the last checkpoint as they are.
 */
final class RunCourse implements AutoCloseable {
    private final RunConfig run;
    private final RunSetup setup;
    private final RunFolder folder;
    private final Metrics metrics;
    private final TrainingRun.Listener listener;
    private final List<Parameter> trained;
    private final AdamW adam;
    private final ExampleStream data;
    private final TrainingLoop loop;
    private final int total;
    private final EventFile events;
    private final EnergyMeter meter;
    private RunState at;

    /** Goes on from a checkpoint, or begins where there is none. */
    RunCourse(
            RunSetup setup,
            RunFolder folder,
            Metrics metrics,
            Optional<RunCheckpoint> from,
            TrainingRun.Listener listener) {
        this.setup = setup;
        this.run = setup.run();
        this.folder = folder;
        this.metrics = metrics;
        this.listener = listener;
        trained = setup.model().trainable();
        total = setup.steps();
        data = setup.stream();
        var o = run.optimizer();
        adam = o.of(trained).rates(p -> o.plus().factor(p, o.lr()));
        loop =
                new TrainingLoop(
                        setup.model(),
                        data,
                        adam,
                        schedule(),
                        new TrainingLoop.Settings(
                                run.sequences(),
                                run.accumulate(),
                                o.lr(),
                                o.clipGradNorm(),
                                run.seed(),
                                run.precision().saved(),
                                run.gradientCheckpointing()));
        try {
            at = from.map(this::resume).orElseGet(() -> RunState.start(data.state()));
            meter = EnergyMeter.start(run.energy(), at.energy(), List.of());
            Path board = folder.path().resolve("tensorboard");
            events =
                    at.step() == 0
                            ? EventFile.begin(board)
                            : EventFile.resume(board, at.step() + 1);
        } catch (RuntimeException | Error e) {
            adam.close();
            throw e;
        }
    }

    /** Everything as it was when this was written. */
    private RunState resume(RunCheckpoint from) {
        from.restore(trained, adam);
        RunState state = from.state();
        data.restore(state.data());
        loop.after(state.step());
        listener.note("goes on after step " + state.step() + ", from " + from.folder());
        return state;
    }

    /** What the run has taken until now, and where it is. */
    RunState state() {
        return at.with(0, meter.read());
    }

    /** What was drawn of each training file. */
    List<ExampleStream.Drawn> drawn() {
        return data.drawn(Math.max(1, at.step()));
    }

    /** Trains to the end; true when it was stopped before. */
    boolean run(BooleanSupplier stop) {
        evaluateBefore();
        boolean ended = at.step() >= total || isPatienceOver();
        while (!ended) {
            Metrics.Step step = step();
            boolean last = step.step() == total;
            boolean stopped = !last && stop.getAsBoolean();
            if (!stopped && isDue(run.evaluate().every(), step.step(), last)) {
                evaluate(step.step());
            }
            ended = last || isPatienceOver();
            if (stopped || isDue(run.checkpoint().every(), step.step(), ended) || isBest(step)) {
                checkpoint();
            }
            if (stopped) {
                return true;
            }
        }
        keepBest();
        return false;
    }

    private Metrics.Step step() {
        try {
            Metrics.Step step = loop.step();
            metrics.add(step);
            events.scalars(
                    step.step(),
                    Map.of(
                            "train/loss",
                            step.loss(),
                            "train/grad_norm",
                            step.gradNorm(),
                            "train/lr",
                            step.lr(),
                            "train/tokens_per_s",
                            step.tokensPerSecond()));
            double seconds = at.seconds() + step.seconds();
            at = new RunState(step.step(), data.state(), 0, at.best(), seconds, at.energy());
            listener.step(step, total);
            return step;
        } catch (ArithmeticException e) {
            throw new ArithmeticException(e.getMessage() + folder.lastWord());
        }
    }

    private static boolean isDue(int every, int step, boolean last) {
        return every > 0 && (last || step % every == 0);
    }

    private boolean isPatienceOver() {
        int patience = run.evaluate().patience();
        return patience > 0 && at.best().step() > 0 && at.best().since() >= patience;
    }

    /** With early stopping the best weights are what the run gives, so they are kept at once. */
    private boolean isBest(Metrics.Step step) {
        return run.evaluate().patience() > 0 && at.best().step() == step.step();
    }

    private void evaluate(int step) {
        if (setup.train().size() > 1) {
            metrics.add(step, data.drawn(step));
        }
        if (!setup.eval().isEmpty()) {
            Metrics.Evaluation e = new RunEvaluation(setup).at(step);
            metrics.add(e);
            tell(e);
            at = at.with(at.best().with(step, e.loss()));
        }
    }

    /** Before the first step, so that there is something to compare with; kept in run.json. */
    private void evaluateBefore() {
        if (at.step() == 0 && run.evaluate().every() > 0 && !setup.eval().isEmpty()) {
            Metrics.Evaluation e = new RunEvaluation(setup).at(0);
            tell(e);
            Provenance.before(folder.run(), e);
        }
    }

    private void tell(Metrics.Evaluation e) {
        e.figures()
                .properties()
                .forEach(p -> {
                    if (p.getValue().isNumber() && !p.getKey().equals("counted_tokens")) {
                        events.scalar("eval/" + p.getKey(), e.step(), p.getValue().doubleValue());
                    }
                });
        e.figures()
                .path("languages")
                .properties()
                .forEach(l -> {
                    double loss = l.getValue().path("loss").asDouble();
                    events.scalar("eval/" + l.getKey() + "/loss", e.step(), loss);
                });
        for (JsonNode s : e.figures().path("samples")) {
            String text = s.path("prompt").asString() + s.path("text").asString();
            events.text("samples/" + s.path("language").asString(), e.step(), text);
        }
        listener.evaluated(e);
    }

    private void checkpoint() {
        at = at.with(metrics.synced(), meter.read());
        String base = run.model().map(Path::toString).orElse(null);
        try {
            RunCheckpoint.in(folder.path(), at.step())
                    .write(at, trained, adam, setup.adapter(), base);
        } catch (CheckpointException e) {
            String words = e.getMessage() + folder.lastWord();
            throw new UncheckedIOException(words, new IOException(words, e));
        }
        folder.prune(run.checkpoint().keep(), at.best().step());
    }

    private void keepBest() {
        int best = at.best().step();
        if (run.evaluate().patience() > 0 && best > 0 && best != at.step()) {
            RunCheckpoint.in(folder.path(), best).values(trained);
            listener.note("took the weights of step " + best + ", whose evaluation was the best");
        }
    }

    private Schedule schedule() {
        var s = run.schedule();
        return switch (s.type()) {
            case "constant" -> new Schedule.Constant(s.warmupSteps());
            case "linear" -> new Schedule.Linear(s.warmupSteps(), total, s.minLrRatio());
            default -> new Schedule.Cosine(s.warmupSteps(), total, s.minLrRatio());
        };
    }

    @Override
    public void close() {
        meter.close();
        events.close();
        adam.close();
    }
}
