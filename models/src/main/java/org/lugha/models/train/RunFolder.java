package org.lugha.models.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Writable;
import org.lugha.models.data.DataFile;
import org.lugha.models.settings.Method;
import org.lugha.models.settings.RunConfig;

/** The output folder of a run: whether it may be used, and what a run keeps where. */
record RunFolder(Path path) {
    /** What a run writes; nothing else in the folder is ever touched. */
    private static final String OWN =
            "run\\.json|metrics\\.jsonl|report\\.html|adapter|model|tensorboard|checkpoint-\\d+";

    Path run() {
        return path.resolve("run.json");
    }

    Path metrics() {
        return path.resolve("metrics.jsonl");
    }

    Path report() {
        return path.resolve("report.html");
    }

    Path result(boolean adapter) {
        return path.resolve(adapter ? "adapter" : "model");
    }

    /** Refuses a folder that cannot or must not be written; changes nothing. */
    void require(RunConfig config, TrainingRun.Start start) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new RequestException(
                    "output " + path + " is a file; choose the name of a folder as output");
        }
        boolean old = holdsRun();
        if (old && start == TrainingRun.Start.NEW) {
            throw new RequestException(
                    "output "
                            + path
                            + " already holds a run; give --overwrite to start again, --resume to"
                            + " go on, or another output");
        }
        if (old && start == TrainingRun.Start.OVERWRITE) {
            inputs(config).forEach(this::requireKept);
        } else if (!old && Files.exists(path) && !isEmpty()) {
            throw new RequestException(
                    "output "
                            + path
                            + " exists and is not a run; choose a new or an empty folder as output");
        }
        Writable.requireFolder(path);
    }

    /** Whether there is a run in it, to the end or not. */
    boolean holdsRun() {
        return Files.exists(run());
    }

    /** Empty metrics are those of a run that went no further than to lock the folder. */
    private boolean isEmpty() {
        return list(path).stream()
                .allMatch(p -> p.endsWith("metrics.jsonl") && p.toFile().length() == 0);
    }

    /** The checkpoint of the latest step. */
    Optional<RunCheckpoint> latest() {
        return checkpoints().stream().max(Comparator.comparingInt(RunCheckpoint::step));
    }

    private List<RunCheckpoint> checkpoints() {
        return !Files.isDirectory(path)
                ? List.of()
                : list(path).stream()
                        .filter(p -> p.getFileName().toString().matches("checkpoint-\\d{1,9}"))
                        .map(RunCheckpoint::new)
                        .toList();
    }

    /** Deletes all checkpoints but the latest few and the one of the best step. */
    void prune(int keep, int best) {
        List<RunCheckpoint> old =
                checkpoints().stream()
                        .sorted(Comparator.comparingInt(RunCheckpoint::step).reversed())
                        .skip(keep)
                        .filter(c -> c.step() != best)
                        .toList();
        for (RunCheckpoint c : old) {
            try {
                delete(c.folder());
            } catch (IOException e) {
                throw new UncheckedIOException(c.folder() + ": cannot be deleted", e);
            }
        }
    }

    /** What is left when a run fails, as the end of a message. */
    String lastWord() {
        return latest().map(c -> "; " + c.folder() + " is whole: go on from it with --resume")
                .orElse("");
    }

    void create() {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /**
     * Unless a run in it is gone on with, the folder is empty of an earlier one; what a run that
     * was killed had not finished writing is gone. The metrics stay: they are what is locked.
     */
    void prepare(boolean goesOn) {
        try {
            for (Path entry : list(path)) {
                boolean old = isOwn(entry) && !goesOn && !entry.equals(metrics());
                if (old || isUnfinished(entry)) {
                    delete(entry);
                }
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private RequestException unwritable(IOException e) {
        return new RequestException(
                "output "
                        + path
                        + ": cannot be written ("
                        + e.getMessage()
                        + "); choose a folder that you may write",
                e);
    }

    private void requireKept(Path input) {
        Path inside = input.toAbsolutePath().normalize();
        Path folder = path.toAbsolutePath().normalize();
        if (inside.startsWith(folder)
                && inside.getNameCount() > folder.getNameCount()
                && isOwn(inside.getName(folder.getNameCount()))) {
            throw new RequestException(
                    "output "
                            + path
                            + ": --overwrite would delete "
                            + input
                            + ", which this run reads; choose another output");
        }
    }

    private static Stream<Path> inputs(RunConfig c) {
        List<Path> all = new ArrayList<>();
        Stream.of(c.model(), c.modelConfig(), c.tokenizer()).forEach(o -> o.ifPresent(all::add));
        Stream.concat(c.data().train().stream(), c.data().eval().stream())
                .map(DataFile::path)
                .forEach(all::add);
        if (c.method() instanceof Method.Peft peft) {
            peft.initAdapter().ifPresent(all::add);
            all.addAll(peft.under());
        }
        return all.stream();
    }

    /** As {@link org.lugha.models.checkpoint.Staged} names what it has not committed. */
    private static boolean isUnfinished(Path entry) {
        return entry.getFileName().toString().matches("\\.(" + OWN + ")\\.[0-9a-f]{8}\\.(tmp|old)");
    }

    private static boolean isOwn(Path entry) {
        return entry.getFileName().toString().matches(OWN);
    }

    /** run.json comes last: while it is there, the folder is known as a run. */
    private static List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted(Comparator.comparing(p -> p.endsWith("run.json"))).toList();
        } catch (IOException e) {
            throw new RequestException(
                    "output " + folder + " cannot be read; choose another output", e);
        }
    }

    private static void delete(Path entry) throws IOException {
        Files.walkFileTree(
                entry,
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
