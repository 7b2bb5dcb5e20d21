package org.lugha.models.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.lugha.models.RequestException;

/**
 * One run at a time in an output folder. The system lets go of the lock when the process ends, in
 * whatever way; the file stays and means nothing.
 */
final class RunLock implements AutoCloseable {
    static final String FILE = ".lock";

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock of a folder that is there. */
    static RunLock take(Path folder) {
        Path file = folder.resolve(FILE);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
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
