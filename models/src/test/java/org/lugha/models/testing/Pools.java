package org.lugha.models.testing;

import java.util.Map;
import java.util.Properties;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.spi.Kernels;
import org.lugha.runtime.spi.Memory;

/** Devices of one test's own: the kernels of {@code cpu} over an empty memory. */
public final class Pools {
    private Pools() {}

    /** As users get it, with slabs of 1 MiB: a pool never gives them back. */
    public static Device pooled() {
        return pooled(1 << 20);
    }

    /** As users get it, with slabs of this size. */
    public static Device pooled(long slab) {
        return open(Map.of("lugha.memory", "pooled", "lugha.memory.slab", "" + slab));
    }

    /** Every block on its own, at most so many bytes. */
    public static Device strict(long limit) {
        return open(Map.of("lugha.memory", "strict", "lugha.memory.limit", "" + limit));
    }

    /** Every block on its own. */
    public static Device strict() {
        return strict(1L << 40);
    }

    private static Device open(Map<String, String> properties) {
        var before = System.getProperties();
        var changed = new Properties();
        changed.putAll(before);
        changed.putAll(properties);
        System.setProperties(changed);
        try {
            return Devices.providers().stream()
                    .filter(p -> p.name().equals("cpu"))
                    .findFirst()
                    .orElseThrow()
                    .open(0);
        } finally {
            System.setProperties(before);
        }
    }

    /** The JVM's memory under the eyes of a test. */
    public record Watched(Memory memory, Kernels kernels) implements Device {
        @Override
        public String name() {
            return "cpu";
        }

        @Override
        public String description() {
            return "of a test";
        }

        @Override
        public boolean isHost() {
            return true;
        }
    }
}
