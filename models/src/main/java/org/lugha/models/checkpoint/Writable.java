package org.lugha.models.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether results will find their place, asked before the work that makes them. */
public final class Writable {
    private Writable() {}

    /**
     * Refuses the name of a file that could not be written at the end. Leaves nothing behind.
     *
     * @throws CheckpointException saying why
     */
    public static void requireFile(Path file) {
        if (Files.isDirectory(file)) {
            throw new CheckpointException(
                    "cannot write %s: expected a file's name, a folder has it; choose another name"
                            .formatted(file));
        }
        requireIn(file.toAbsolutePath().getParent(), file);
    }

    /** The same for a folder, which may be there or not. */
    public static void requireFolder(Path folder) {
        requireIn(folder.toAbsolutePath(), folder);
    }

    /** Tries the nearest folder that is there: permissions alone do not tell. */
    private static void requireIn(Path wanted, Path target) {
        Path at = wanted;
        while (at != null && !Files.exists(at)) {
            at = at.getParent();
        }
        if (at == null || !Files.isDirectory(at)) {
            throw new CheckpointException(
                    "cannot write %s: %s is a file, not a folder; choose another place"
                            .formatted(target, at));
        }
        try {
            Files.delete(Files.createTempDirectory(at, ".lugha"));
        } catch (IOException e) {
            throw Staged.cannotWrite(target, e);
        }
    }
}
