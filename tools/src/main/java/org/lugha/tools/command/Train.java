package org.lugha.tools.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.lugha.models.RequestException;
import org.lugha.models.settings.RunFile;
import org.lugha.models.train.Metrics;
import org.lugha.models.train.TrainingRun;
import org.lugha.models.train.TrainingRun.Start;
import org.lugha.tools.Interrupt;
import org.lugha.tools.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lugha train --config RUN.yaml}. */
@Command(
        name = "train",
        description = "Pre-trains or adapts a model as a RUN.yaml describes it.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  lugha train --config RUN.yaml --set steps=100"})
public final class Train implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "RUN.yaml", description = "The run.")
    private Path config;

    @Option(
            names = "--set",
            paramLabel = "key.path=value",
            description = "Beats the file; may be given several times.")
    private List<String> settings = List.of();

    @Option(names = "--dry-run", description = "Check model, data and settings; train nothing.")
    private boolean dryRun;

    @Option(names = "--overwrite", description = "Replace the run in the output folder.")
    private boolean overwrite;

    @Option(names = "--resume", description = "Go on with the run in the output folder.")
    private boolean resume;

    @Override
    public Integer call() {
        if (resume && overwrite) {
            throw new RequestException(
                    "--resume goes on with a run and --overwrite deletes it; give one of them");
        }
        var start = resume ? Start.RESUME : overwrite ? Start.OVERWRITE : Start.NEW;
        var run = RunFile.read(config, settings);
        if (run.threads() > 0) {
            System.setProperty("lugha.threads", Integer.toString(run.threads()));
        }
        try (Interrupt interrupt = new Interrupt();
                Log log = new Log(interrupt)) {
            TrainingRun training = new TrainingRun(run, log);
            if (dryRun) {
                training.check(start);
                log.note("everything fits; nothing was trained");
                return 0;
            }
            var result = training.execute(start, interrupt::requested);
            spec.commandLine().getOut().println(result.output());
            return result.interrupted() ? Interrupt.EXIT_CODE : 0;
        }
    }

    /** Lines and a bar on stderr. */
    private static final class Log implements TrainingRun.Listener, AutoCloseable {
        private final Interrupt interrupt;
        private Progress progress;

        Log(Interrupt interrupt) {
            this.interrupt = interrupt;
        }

        @Override
        public void begins() {
            interrupt.waits();
        }

        @Override
        public void note(String line) {
            close();
            System.err.println(line);
        }

        @Override
        public void step(Metrics.Step s, int total) {
            if (progress == null) {
                progress = new Progress("train", total, s.step() - 1);
            }
            progress.at(
                    s.step(),
                    String.format(
                            Locale.ROOT,
                            "loss %.4f  %.0f tokens/s",
                            s.loss(),
                            s.tokensPerSecond()));
        }

        @Override
        public void evaluated(Metrics.Evaluation e) {
            StringBuilder line = new StringBuilder();
            line.append(
                    String.format(
                            Locale.ROOT, "step %d: evaluation loss %.4f", e.step(), e.loss()));
            e.figures()
                    .properties()
                    .forEach(p -> {
                        boolean more = !List.of("loss", "counted_tokens").contains(p.getKey());
                        if (p.getValue().isNumber() && more) {
                            double v = p.getValue().doubleValue();
                            line.append(String.format(Locale.ROOT, ", %s %.4g", p.getKey(), v));
                        }
                    });
            note(line.toString());
        }

        @Override
        public void close() {
            if (progress != null) {
                progress.close();
            }
        }
    }
}
