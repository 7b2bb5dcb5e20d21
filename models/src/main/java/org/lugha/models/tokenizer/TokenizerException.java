package org.lugha.models.tokenizer;

/**
 * A tokenizer that cannot be loaded, trained or used as asked: the message is one line that says
 * what was expected, what came and what to do.
 */
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TokenizerException(String message) {
        super(message);
    }

    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
