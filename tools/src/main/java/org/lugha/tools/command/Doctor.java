package org.lugha.tools.command;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lugha.runtime.Devices;
import org.lugha.runtime.spi.DeviceProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code lugha doctor [--json]}. */
@Command(
        name = "doctor",
        description = "Tells what this machine offers, and why a device is not used.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  lugha doctor --json"})
public final class Doctor implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--json", description = "One JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("java", Runtime.version().toString());
        found.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        found.put("processors", Runtime.getRuntime().availableProcessors());
        found.put("memory_gib", memory());
        found.put("heap_gib", gib(Runtime.getRuntime().maxMemory()));
        Map<String, Object> devices = new LinkedHashMap<>();
        for (DeviceProvider p : Devices.providers()) {
            devices.put(
                    p.name(),
                    p.unavailable()
                            .map(why -> "not used: " + why)
                            .orElseGet(() -> Devices.get(p.name()).description()));
        }
        found.put("devices", devices);
        found.put("best_device", Devices.best().name());
        print(found);
        return 0;
    }

    private void print(Map<String, Object> found) {
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(found));
            return;
        }
        found.forEach((key, value) -> {
            if (value instanceof Map<?, ?> devices) {
                devices.forEach((name, what) -> out.printf("%-14s %s%n", name, what));
            } else {
                out.printf("%-14s %s%n", key.replace('_', ' '), value);
            }
        });
    }

    private static Object memory() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean os
                ? gib(os.getTotalMemorySize())
                : "unknown";
    }

    private static Double gib(long bytes) {
        return Double.valueOf(String.format(Locale.ROOT, "%.1f", bytes / 0x1p30));
    }
}
