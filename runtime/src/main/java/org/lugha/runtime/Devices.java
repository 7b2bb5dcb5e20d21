package org.lugha.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.lugha.runtime.spi.DeviceProvider;

/** Devices by name. Each is opened once and shared. */
public final class Devices {
    private static final Map<String, Device> OPEN = new ConcurrentHashMap<>();

    private Devices() {}

    /**
     * The device of this name: {@code cpu}, {@code reference}, {@code cuda:0}; an index left out is
     * 0.
     *
     * @throws DeviceException with every provider's reason when there is none
     */
    public static Device get(String name) {
        return OPEN.computeIfAbsent(
                name.endsWith(":0") ? name.substring(0, name.length() - 2) : name, Devices::open);
    }

    /** The fastest device this machine offers now: a GPU where one is usable, else the CPU. */
    public static Device best() {
        return providers().stream()
                .filter(p -> p.name().equals("cuda") && p.unavailable().isEmpty())
                .findFirst()
                .map(p -> get("cuda"))
                .orElseGet(() -> get("cpu"));
    }

    /** Every provider on the module or class path, usable or not. */
    public static List<DeviceProvider> providers() {
        List<DeviceProvider> all = new ArrayList<>();
        ServiceLoader.load(DeviceProvider.class, DeviceProvider.class.getClassLoader())
                .forEach(all::add);
        return all;
    }

    private static Device open(String name) {
        int colon = name.indexOf(':');
        String kind = colon < 0 ? name : name.substring(0, colon);
        for (DeviceProvider p : providers()) {
            if (p.name().equals(kind)) {
                p.unavailable()
                        .ifPresent(why -> {
                            throw new DeviceException("device " + name + " cannot be used: " + why);
                        });
                return p.open(colon < 0 ? 0 : index(name, colon));
            }
        }
        throw new DeviceException(
                "device '"
                        + name
                        + "' is not known; there are "
                        + providers().stream()
                                .map(p ->
                                        p.name()
                                                + p.unavailable()
                                                        .map(w -> " (" + w + ")")
                                                        .orElse(""))
                                .collect(Collectors.joining(", ")));
    }

    private static int index(String name, int colon) {
        try {
            return Integer.parseInt(name.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new DeviceException(
                    "device '"
                            + name
                            + "': the part after the colon must be a number, as in cuda:0",
                    e);
        }
    }
}
