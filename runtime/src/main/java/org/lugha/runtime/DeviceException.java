package org.lugha.runtime;

/** A device is missing, cannot do what was asked, or ran out of memory. */
public final class DeviceException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final boolean outOfMemory;

    public DeviceException(String message) {
        this(message, null, false);
    }

    public DeviceException(String message, Throwable cause) {
        this(message, cause, false);
    }

    private DeviceException(String message, Throwable cause, boolean outOfMemory) {
        super(message, cause);
        this.outOfMemory = outOfMemory;
    }

    /** Its memory does not suffice; the message says for what. */
    public static DeviceException outOfMemory(String message, Throwable cause) {
        return new DeviceException(message, cause, true);
    }

    /** Whether the work was too large, rather than the wish wrong. */
    public boolean isOutOfMemory() {
        return outOfMemory;
    }
}
