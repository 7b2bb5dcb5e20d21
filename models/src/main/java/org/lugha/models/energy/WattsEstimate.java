package org.lugha.models.energy;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * An estimate where nothing can be read: given watts times the time, or what a processor is assumed
 * to take.
 *
 * <p>Assumed: {@code joules = processors * IDLE * seconds + BUSY * processor_seconds} with 1 W for
 * every logical processor that is there and 4 W more for each that this program keeps busy. Servers
 * measured with SPECpower take 0.7 to 3.5 W a logical processor between idle and full, desktop
 * processors up to 7 W.
 */
public final class WattsEstimate implements EnergySource {
    /** Watts of a logical processor that waits. */
    public static final double IDLE = 1;

    /** Watts more of one that works. */
    public static final double BUSY = 4;

    private final OptionalDouble watts;
    private final int processors;
    private final String reason;
    private final long begun = System.nanoTime();
    private final Supplier<Optional<Duration>> processorTime;
    private final Optional<Duration> before;

    /**
     * Estimates from now on.
     *
     * @param watts of the whole machine; empty: assumed
     * @param reason why nothing is measured, such as {@code no RAPL at /sys/class/powercap}
     */
    public WattsEstimate(OptionalDouble watts, String reason) {
        this(
                watts,
                reason,
                Runtime.getRuntime().availableProcessors(),
                () -> ProcessHandle.current().info().totalCpuDuration());
    }

    WattsEstimate(
            OptionalDouble watts,
            String reason,
            int processors,
            Supplier<Optional<Duration>> processorTime) {
        this.watts = watts;
        this.reason = reason;
        this.processors = processors;
        this.processorTime = processorTime;
        this.before = processorTime.get();
    }

    @Override
    public double joules() {
        return joules((System.nanoTime() - begun) * 1e-9);
    }

    double joules(double seconds) {
        if (watts.isPresent()) {
            return watts.getAsDouble() * seconds;
        }
        // A system that does not tell the processor time is taken for busy.
        double busy = processors * seconds;
        Optional<Duration> now = processorTime.get();
        if (before.isPresent() && now.isPresent()) {
            busy = Math.max(0, now.get().minus(before.get()).toNanos() * 1e-9);
        }
        return processors * IDLE * seconds + BUSY * busy;
    }

    @Override
    public boolean measured() {
        return false;
    }

    @Override
    public String name() {
        return watts.isPresent() ? "watts" : "processor time";
    }

    @Override
    public String explanation() {
        return watts.isPresent()
                ? String.format(
                        Locale.ROOT,
                        "estimated: %s W as energy.watts says, times the time",
                        Energy.number(watts.getAsDouble()))
                : String.format(
                        Locale.ROOT,
                        "estimated: %s; assumed are %.0f W for each of %d logical processors and"
                                + " %.0f W more for each that this program keeps busy, which can be"
                                + " wrong by half or double; energy.watts takes what a meter shows",
                        reason,
                        IDLE,
                        processors,
                        BUSY);
    }
}
