package org.lugha.models.checkpoint;

/**
 * A file that cannot be read as weights or written: the message is one line that names the file,
 * what was expected, what came and what to do.
 */
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
