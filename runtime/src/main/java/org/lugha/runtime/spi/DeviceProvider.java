package org.lugha.runtime.spi;

import java.util.Optional;
import org.lugha.runtime.Device;

/** How a kind of device is found, by {@link java.util.ServiceLoader}. */
public interface DeviceProvider {
    /** {@code cpu}, {@code reference}, {@code cuda}. */
    String name();

    /** Empty when it can be used, else the reason in words. */
    Optional<String> unavailable();

    /**
     * Opens one device of this kind.
     *
     * @throws org.lugha.runtime.DeviceException when there is none with this index
     */
    Device open(int index);
}
