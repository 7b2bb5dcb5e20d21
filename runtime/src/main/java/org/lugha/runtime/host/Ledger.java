package org.lugha.runtime.host;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.spi.Memory.Usage;

/**
 * What a pool handed out, by address, and what it took from the system; the figures and the message
 * of both pools. Not thread-safe: the pool is.
 *
 * @param <B> what the pool needs back when a block is freed
 */
final class Ledger<B> {
    private static final int NAMED = 10;

    private record Live<B>(B block, long bytes, String owner) {}

    private final Map<Long, Live<B>> blocks = new HashMap<>();
    private final long limit;
    private long live;
    private long peak;
    private long reserved;
    private long requests;

    Ledger(long limit) {
        this.limit = limit;
    }

    void add(long address, B block, long bytes, String owner) {
        blocks.put(address, new Live<>(block, bytes, owner));
        live += bytes;
        peak = Math.max(peak, live);
    }

    B remove(long address) {
        Live<B> gone = blocks.remove(address);
        if (gone == null) {
            throw new IllegalStateException(
                    "free: the block at 0x" + Long.toHexString(address) + " is not handed out");
        }
        live -= gone.bytes();
        return gone.block();
    }

    boolean fits(long bytes) {
        return bytes <= limit - reserved;
    }

    /** {@code bytes} came from the system. */
    void taken(long bytes) {
        reserved += bytes;
        requests++;
    }

    /** {@code bytes} went back to the system. */
    void returned(long bytes) {
        reserved -= bytes;
    }

    Usage usage() {
        return new Usage(live, peak, reserved, requests);
    }

    void resetPeak() {
        peak = live;
    }

    DeviceException exhausted(long bytes, String owner) {
        String largest =
                blocks.values().stream()
                        .sorted(
                                Comparator.comparingLong((Live<B> b) -> b.bytes())
                                        .reversed()
                                        .thenComparing(Live::owner))
                        .limit(NAMED)
                        .map(b -> size(b.bytes()) + " of '" + b.owner() + "'")
                        .collect(Collectors.joining(", "));
        return DeviceException.outOfMemory(
                String.format(
                        Locale.ROOT,
                        "out of memory: '%s' asked for %s, %s are live in %d blocks, %s of at most %s are taken; largest: %s; use a smaller batch, shorter sequences or recompute",
                        owner,
                        size(bytes),
                        size(live),
                        blocks.size(),
                        size(reserved),
                        size(limit),
                        largest.isEmpty() ? "none" : largest),
                null);
    }

    private static String size(long bytes) {
        return bytes < 1 << 20
                ? bytes + " B"
                : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
