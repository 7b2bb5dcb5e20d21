package org.lugha.models.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.lugha.models.RequestException;

/**
 * One run at a time in an output folder: a lock on a byte of {@code metrics.jsonl} that no file
 * reaches, so that others may read and this run write. The system lets go of it when the process
 * ends, in whatever way.
 */
final class RunLock implements AutoCloseable {
    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock of a folder that is there. */
    static RunLock take(RunFolder run) {
        Path folder = run.path();
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            run.metrics(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
            if (lock != null) {
                return new RunLock(channel);
            }
            channel.close();
        } catch (OverlappingFileLockException _) {
            close(channel);
        } catch (IOException e) {
            close(channel);
            throw new RequestException(
                    "output "
                            + folder
                            + ": cannot be locked ("
                            + e.getMessage()
                            + "); choose a folder that you may write",
                    e);
        }
        throw new RequestException(
                "output "
                        + folder
                        + " is being written by another run; wait for it, or choose another"
                        + " output");
    }

    @Override
    public void close() {
        close(channel);
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException _) {
            // the lock goes with the process at the latest
        }
    }
}
