package org.lugha.models;

/**
 * The request was wrong: a file, a key or a value that the user can mend. The message is one line
 * that says what, where, and what would be right; command lines print it and exit with 2.
 */
public final class RequestException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public RequestException(String message) {
        super(message);
    }

    public RequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
