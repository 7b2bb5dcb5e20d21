package org.lugha.models.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A file or a folder that appears under its final name only when it is complete.
 *
 * <pre>{@code
 * try (Staged run = Staged.folder(target)) {
 *     Files.writeString(run.path().resolve("config.json"), json);
 *     run.commit();
 * }
 * }</pre>
 *
 * <p>What is written goes to a hidden sibling; {@code commit} forces it to the disk and moves it.
 * Closing without a commit deletes it. Missing parent folders are made.
 */
public final class Staged implements AutoCloseable {
    private final Path target;
    private final Path staging;
    private final boolean folder;
    private boolean done;

    private Staged(Path target, boolean folder) {
        this.target = target.toAbsolutePath();
        this.folder = folder;
        this.staging = sibling("tmp");
        try {
            Files.createDirectories(this.target.getParent());
            if (folder) {
                Files.createDirectory(staging);
            } else {
                Files.createFile(staging);
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** A file; one that is there already is replaced in one step by the commit. */
    public static Staged file(Path target) {
        if (Files.isDirectory(target)) {
            throw new CheckpointException(
                    "cannot write %s: expected a file's name, a folder has it; choose another name"
                            .formatted(target));
        }
        return new Staged(target, false);
    }

    /** A folder that must not be there yet, or be empty. */
    public static Staged folder(Path target) {
        if (Files.exists(target) && !isEmptyFolder(target)) {
            throw new CheckpointException(
                    "cannot write %s: expected a new or an empty folder, it has content; choose another name or delete it"
                            .formatted(target));
        }
        return new Staged(target, true);
    }

    /**
     * A folder that takes the place of the one that is there, as a whole. A crash in the middle of
     * the commit leaves either the old or the new one, at worst under a hidden name beside it.
     */
    public static Staged replacing(Path target) {
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new CheckpointException(
                    "cannot write %s: expected a folder, a file has that name; choose another name"
                            .formatted(target));
        }
        return new Staged(target, true);
    }

    /** Writes a small file in one go. */
    public static void write(Path target, byte[] content) {
        try (Staged file = file(target)) {
            Files.write(file.path(), content);
            file.commit();
        } catch (IOException e) {
            throw cannotWrite(target, e);
        }
    }

    /** Writes a small UTF-8 file in one go. */
    public static void write(Path target, String text) {
        write(target, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Where to write until the commit: an empty file or folder. */
    public Path path() {
        return staging;
    }

    /** The final name. */
    public Path target() {
        return target;
    }

    /** Forces everything to the disk and gives it its final name. */
    public void commit() {
        if (done) {
            throw new IllegalStateException("already committed or closed: " + target);
        }
        try {
            force(staging);
            if (folder) {
                moveFolder();
            } else {
                Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
            }
            done = true;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** Deletes what was not committed. */
    @Override
    public void close() {
        if (done) {
            return;
        }
        done = true;
        try {
            delete(staging);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private void moveFolder() throws IOException {
        if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS) && isEmptyFolder(target)) {
            Files.delete(target);
        }
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Path old = sibling("old");
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(staging, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        delete(old);
    }

    private Path sibling(String suffix) {
        String tag = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
        return target.resolveSibling("." + target.getFileName() + "." + tag + "." + suffix);
    }

    private CheckpointException cannotWrite(IOException e) {
        return cannotWrite(target, e);
    }

    static CheckpointException cannotWrite(Path target, IOException e) {
        return new CheckpointException(
                "cannot write %s: %s; choose a folder that can be written and has room"
                        .formatted(target, Reason.of(e)),
                e);
    }

    private static boolean isEmptyFolder(Path path) {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (Stream<Path> content = Files.list(path)) {
            return content.findAny().isEmpty();
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private static void force(Path path) throws IOException {
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        if (attributes.isRegularFile()) {
                            try (FileChannel c = FileChannel.open(file, StandardOpenOption.WRITE)) {
                                c.force(true);
                            }
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static void delete(Path path) throws IOException {
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path dir, IOException e)
                            throws IOException {
                        if (e != null) {
                            throw e;
                        }
                        Files.delete(dir);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
