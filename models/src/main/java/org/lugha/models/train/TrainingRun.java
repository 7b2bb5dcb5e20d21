package org.lugha.models.train;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.lugha.autograd.Parameter;
import org.lugha.models.ModelFiles;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.peft.PeftFiles;
import org.lugha.optim.AdamW;
import org.lugha.optim.Schedule;

/**
 * A run from RUN.yaml to its output folder: checks everything, trains, writes {@code run.json},
 * {@code metrics.jsonl}, {@code adapter/} or {@code model/}, and {@code report.html}.
 */
public final class TrainingRun {

    /** Told what happens; every method may be left out. */
    public interface Listener {
        /** A line for the log. */
        default void note(String line) {}

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

    /** Opens and checks everything a run needs, and trains nothing. */
    public void check() {
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
        Path output = run.output();
        refuseExisting(output, overwrite);
        try (RunSetup setup = RunSetup.open(run)) {
            describe(setup);
            prepare(output);
            try (Metrics metrics = new Metrics(output.resolve("metrics.jsonl"))) {
                Staged.write(
                        output.resolve("run.json"),
                        ModelFiles.json(Provenance.of(run, setup.device(), setup.train())) + "\n");
                boolean interrupted = train(setup, metrics, stop);
                save(setup, output);
                Staged.write(output.resolve("report.html"), RunReport.page(run, setup, metrics));
                return new Result(output, List.copyOf(metrics.steps()), interrupted);
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
        try (AdamW adam =
                new AdamW(
                        setup.model().trainable(),
                        o.beta1(),
                        o.beta2(),
                        o.eps(),
                        o.weightDecay(),
                        o.decayAll())) {
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
                                    run.seed()));
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

    private void save(RunSetup setup, Path output) {
        Path result = output.resolve(setup.method().isPresent() ? "adapter" : "model");
        try (Staged folder = Staged.replacing(result)) {
            if (setup.method().isPresent()) {
                String base = run.model().map(Path::toString).orElse(null);
                PeftFiles.writeInto(setup.method().get(), setup.model(), folder.path(), base);
            } else {
                setup.model().writeInto(folder.path());
            }
            setup.tokenizer().ifPresent(t -> t.save(folder.path()));
            folder.commit();
        }
        listener.note("wrote " + result);
    }

    private void describe(RunSetup setup) {
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
    }

    private static void refuseExisting(Path output, boolean overwrite) {
        if (Files.exists(output.resolve("run.json"))) {
            if (!overwrite) {
                throw new RequestException(
                        output
                                + " already holds a run; give --overwrite to start again, or another"
                                + " output");
            }
        } else if (Files.exists(output) && !isEmpty(output)) {
            throw new RequestException(
                    output + " exists and is not a run; choose a new or an empty folder as output");
        }
    }

    private static boolean isEmpty(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            throw new RequestException(
                    folder + ": is not a folder that can be read; choose another output", e);
        }
    }

    /** The folder is there, writable, and empty of an earlier run. */
    private static void prepare(Path output) {
        try {
            if (Files.exists(output.resolve("run.json"))) {
                clear(output);
            }
            Files.createDirectories(output);
            Path probe = Files.createTempFile(output, ".probe", "");
            Files.delete(probe);
        } catch (IOException e) {
            throw new RequestException(
                    "output "
                            + output
                            + ": cannot be written ("
                            + e.getClass().getSimpleName()
                            + "); choose a folder that you may write",
                    e);
        }
    }

    private static void clear(Path folder) throws IOException {
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path dir, IOException failure)
                            throws IOException {
                        Files.delete(dir);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
