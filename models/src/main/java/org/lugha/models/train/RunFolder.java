package org.lugha.models.train;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
            "run\\.json|metrics\\.jsonl|report\\.html|adapter|model|checkpoint-\\d+";

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
    void require(RunConfig config, boolean overwrite) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new RequestException(
                    "output " + path + " is a file; choose the name of a folder as output");
        }
        boolean old = Files.exists(run());
        if (old && !overwrite) {
            throw new RequestException(
                    "output "
                            + path
                            + " already holds a run; give --overwrite to start again, or another"
                            + " output");
        }
        if (old) {
            inputs(config).forEach(this::requireKept);
        } else if (Files.exists(path) && !list(path).isEmpty()) {
            throw new RequestException(
                    "output "
                            + path
                            + " exists and is not a run; choose a new or an empty folder as output");
        }
        Writable.requireFolder(path);
    }

    /** The folder is there and empty of an earlier run. */
    void prepare() {
        try {
            Files.createDirectories(path);
            for (Path entry : list(path)) {
                if (isOwn(entry)) {
                    delete(entry);
                }
            }
        } catch (IOException e) {
            throw new RequestException(
                    "output "
                            + path
                            + ": cannot be written ("
                            + e.getMessage()
                            + "); choose a folder that you may write",
                    e);
        }
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
