package org.lugha.runtime.host;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.spi.Memory;

/**
 * Which pool a host device gets, by system properties: {@code lugha.memory} is {@code pooled} (the
 * default), {@code strict}, or {@code confined}: strict, and on the reference device a tensor stays
 * on the thread that made it, which is much quicker; {@code lugha.memory.limit} the most bytes
 * taken from the system (the default is 90 % of the machine's or container's memory); {@code
 * lugha.memory.slab} the bytes of a slab of the pool.
 */
public final class HostMemory {
    private HostMemory() {}

    /**
     * A new pool.
     *
     * @throws DeviceException when a property has a value that means nothing
     */
    public static Memory create() {
        return create(false);
    }

    /** As {@link #create()}, for a device whose kernels stay on their caller's thread. */
    public static Memory createForOneThread() {
        return create(true);
    }

    private static Memory create(boolean oneThread) {
        String kind = System.getProperty("lugha.memory", "pooled");
        return switch (kind) {
            case "pooled" ->
                    new SlabPool(limit(), Supply.host(), bytes("lugha.memory.slab", SlabPool.SLAB));
            case "strict" -> new StrictPool(limit());
            case "confined" -> new StrictPool(limit(), oneThread);
            default ->
                    throw new DeviceException(
                            "lugha.memory must be pooled, strict or confined, got '" + kind + "'");
        };
    }

    /**
     * Bytes that could be held beside what is: within the limit, and within what the system says it
     * could still give, where it says so.
     */
    static long available(Memory memory) {
        Memory.Usage now = memory.usage();
        long idle = now.reserved() - now.live();
        long room = limit() - now.live();
        return Math.max(0, Math.min(room, systemAvailable(Path.of("/proc/meminfo"), room) + idle));
    }

    /** What Linux calls MemAvailable, in bytes; {@code otherwise} where that cannot be read. */
    static long systemAvailable(Path meminfo, long otherwise) {
        try {
            for (String line : Files.readAllLines(meminfo)) {
                if (line.matches("MemAvailable: +\\d+ kB")) {
                    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return otherwise;
        } catch (IOException _) {
            return otherwise; // another system
        }
    }

    private static long limit() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return bytes("lugha.memory.limit", (long) (0.9 * system.getTotalMemorySize()));
    }

    private static long bytes(String property, long otherwise) {
        String text = System.getProperty(property, "");
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new DeviceException(
                    property + " must be a number of bytes, got '" + text + "'", e);
        }
    }
}
