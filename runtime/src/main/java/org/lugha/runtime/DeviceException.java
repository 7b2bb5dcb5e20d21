package org.lugha.runtime;

/** A device is missing, cannot do what was asked, or ran out of memory. */
public final class DeviceException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public DeviceException(String message) {
        super(message);
    }

    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
