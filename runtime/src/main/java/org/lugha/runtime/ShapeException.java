package org.lugha.runtime;

/** Shapes, types or devices that do not fit; the message names the operation and what it got. */
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public ShapeException(String message) {
        super(message);
    }
}
