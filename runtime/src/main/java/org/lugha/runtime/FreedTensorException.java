package org.lugha.runtime;

/** A tensor was used after its memory went back; the message names the scope that owned it. */
public final class FreedTensorException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public FreedTensorException(String message) {
        super(message);
    }
}
