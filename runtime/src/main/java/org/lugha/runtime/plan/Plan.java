package org.lugha.runtime.plan;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What a piece of work takes of a device's memory, in bytes. Beside it stands what kernels hold for
 * themselves, a few MiB a thread: their classes give the formulas as "Extra memory".
 *
 * @param peak the most that is handed out at one time: {@link
 *     org.lugha.runtime.spi.Memory.Usage#peak}
 * @param live still held afterwards
 * @param reserved taken from the system by the pool that users get, slabs and rounding included
 * @param shares who holds the peak, largest first
 */
public record Plan(long peak, long live, long reserved, List<Share> shares) {

    /** What the scopes of one name hold. */
    public record Share(String owner, long bytes, int blocks) {}

    public Plan {
        shares = List.copyOf(shares);
    }

    /** The part of the peak that scopes of these names hold. */
    public long held(Predicate<String> owner) {
        return shares.stream().filter(s -> owner.test(s.owner())).mapToLong(Share::bytes).sum();
    }

    /** One line for the peak and one for each share: {@code 12.5 MiB in 3 blocks of 'step'}. */
    @Override
    public String toString() {
        StringBuilder s = new StringBuilder();
        s.append(
                "%s at most, %s afterwards, %s from the system%n"
                        .formatted(size(peak), size(live), size(reserved)));
        for (Share share : shares) {
            s.append(
                    String.format(
                            Locale.ROOT,
                            "  %s in %d blocks of '%s'%n",
                            size(share.bytes()),
                            share.blocks(),
                            share.owner()));
        }
        return s.toString();
    }

    /** For example {@code 12.5 MiB}, or bytes where that says more. */
    public static String size(long bytes) {
        return bytes < 1 << 20
                ? bytes + " B"
                : String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }
}
