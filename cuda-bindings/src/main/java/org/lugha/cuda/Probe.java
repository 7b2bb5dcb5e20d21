package org.lugha.cuda;

import java.util.List;
import java.util.stream.Collectors;

/** What a search for CUDA devices found. */
public sealed interface Probe {
    /**
     * A driver with at least one device.
     *
     * @param driverVersion the newest CUDA version the driver supports, 1000 major + 10 minor:
     *     12080 is 12.8
     */
    record Available(int driverVersion, List<Gpu> devices) implements Probe {
        public Available {
            devices = List.copyOf(devices);
        }

        /** For a report: the devices and, as {@code CUDA 12.8}, the driver. */
        public String words() {
            return devices.stream().map(Gpu::words).collect(Collectors.joining(", "))
                    + " with a driver for CUDA "
                    + CudaProbe.words(driverVersion);
        }
    }

    /** No device that could be used, and why, in words. */
    record Unavailable(String reason) implements Probe {}
}
