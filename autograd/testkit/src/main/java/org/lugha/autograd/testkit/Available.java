package org.lugha.autograd.testkit;

import java.util.List;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;

/** The devices that this machine offers to tests. */
final class Available {
    private static final List<Device> DEVICES =
            Devices.providers().stream()
                    .filter(p -> p.unavailable().isEmpty())
                    .map(p -> Devices.get(p.name()))
                    .toList();

    private Available() {}

    /** All of them, the reference among them. */
    static List<Device> devices() {
        return DEVICES;
    }

    /** The definition. */
    static Device reference() {
        return Devices.get("reference");
    }

    /** Bytes handed out now, by device. */
    static List<Long> live() {
        return DEVICES.stream().map(d -> d.memory().usage().live()).toList();
    }
}
