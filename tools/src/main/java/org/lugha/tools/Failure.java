package org.lugha.tools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.CheckpointException;
import org.lugha.models.tokenizer.TokenizerException;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.ShapeException;

/** What the user is told of an exception: one line, and whose fault it is. */
record Failure(String line, int exitCode) {
    private static final int WORK_FAILED = 1;
    private static final int REQUEST_WRONG = 2;

    static Failure of(Throwable e) {
        return switch (e) {
            case RequestException r -> new Failure(first(r), REQUEST_WRONG);
            case CheckpointException c -> new Failure(first(c), REQUEST_WRONG);
            case TokenizerException t -> new Failure(first(t), REQUEST_WRONG);
            case DeviceException d ->
                    new Failure(first(d), d.isOutOfMemory() ? WORK_FAILED : REQUEST_WRONG);
            case ShapeException s -> new Failure(first(s), REQUEST_WRONG);
            case InvalidPathException p -> new Failure(first(p), REQUEST_WRONG);
            case UncheckedIOException u -> new Failure(io(u.getCause(), u), WORK_FAILED);
            case IOException i -> new Failure(io(i, i), WORK_FAILED);
            case OutOfMemoryError _ ->
                    new Failure(
                            "out of memory; use a smaller batch or max_length, or give the JVM"
                                    + " more with LUGHA_JAVA_OPTS=-Xmx...",
                            WORK_FAILED);
            case StackOverflowError _ ->
                    new Failure(
                            "something is nested too deeply to be followed; is a file damaged?",
                            WORK_FAILED);
            default -> new Failure(named(e), WORK_FAILED);
        };
    }

    private static String io(IOException e, Throwable outer) {
        return switch (e) {
            case NoSuchFileException n -> n.getFile() + ": there is no such file or folder";
            case AccessDeniedException a ->
                    a.getFile() + ": permission denied; choose a place that you may write";
            case FileSystemException f when f.getReason() != null ->
                    f.getFile() + ": " + f.getReason();
            default -> first(outer);
        };
    }

    private static String named(Throwable e) {
        return e.getMessage() == null
                ? e.getClass().getSimpleName() + " (run again with --verbose to see where)"
                : first(e);
    }

    /** One line, whatever came in from files and arguments. */
    private static String first(Throwable e) {
        String m = e.getMessage();
        return m == null ? e.getClass().getSimpleName() : line(m);
    }

    static String line(String message) {
        return message.strip().replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    }
}
