package org.lugha.models.energy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Counts what a run takes from its start to any moment, on top of what earlier parts of the same
 * run took. A thread of its own reads the counters often enough that none goes round unseen.
 */
public final class EnergyMeter implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(10);

    /**
     * Counters move every millisecond; one that stands still is none, as in some virtual machines.
     */
    private static final Duration STILL = Duration.ofSeconds(1);

    private final EnergySettings settings;
    private final Energy before;
    private final List<EnergySource> sources = new ArrayList<>();
    private final EnergySource spare;
    private final long begun = System.nanoTime();
    private final Thread sampler;

    private EnergyMeter(
            EnergySettings settings,
            Energy before,
            List<DeviceCounter> devices,
            Path rapl,
            Duration period) {
        this.settings = settings;
        this.before = before;
        this.spare = new WattsEstimate(OptionalDouble.empty(), "RAPL at " + rapl + " stands still");
        if (settings.watts().isPresent()) {
            sources.add(new WattsEstimate(settings.watts(), ""));
        } else {
            RaplCounter.Found found = RaplCounter.open(rapl);
            sources.add(
                    found.counter().isPresent()
                            ? found.counter().get()
                            : new WattsEstimate(OptionalDouble.empty(), found.why()));
            sources.addAll(devices);
        }
        sampler = Thread.ofPlatform().daemon().name("lugha-energy").start(() -> sample(period));
    }

    /** Begins to count a new run. */
    public static EnergyMeter start(EnergySettings settings) {
        return start(settings, Energy.NONE, List.of());
    }

    /**
     * Goes on counting.
     *
     * @param before what the run has taken so far; {@link Energy#NONE} for a new one
     * @param devices counters of devices beside the processor; unused where watts are given, since
     *     those are the whole machine's
     */
    public static EnergyMeter start(
            EnergySettings settings, Energy before, List<DeviceCounter> devices) {
        return start(settings, before, devices, RaplCounter.ROOT, PERIOD);
    }

    static EnergyMeter start(
            EnergySettings settings,
            Energy before,
            List<DeviceCounter> devices,
            Path rapl,
            Duration period) {
        return new EnergyMeter(settings, before, List.copyOf(devices), rapl, period);
    }

    /**
     * All that the run has taken until now, its earlier parts included. Quick enough for a step.
     */
    public Energy read() {
        return read(System.nanoTime() - begun);
    }

    Energy read(long nanos) {
        double joules = 0;
        boolean measured = before.measured();
        Set<String> names = new LinkedHashSet<>();
        Set<String> words = new LinkedHashSet<>();
        if (before.kilowattHours() > 0) {
            names.addAll(List.of(before.source().split(" \\+ ")));
            words.addAll(List.of(before.explanation().split("; and ")));
        }
        for (EnergySource s : sources) {
            double passed = s.joules();
            EnergySource used = s;
            if (s instanceof RaplCounter && passed == 0 && nanos > STILL.toNanos()) {
                used = spare;
                passed = spare.joules();
            }
            joules += passed;
            measured &= used.measured();
            names.add(used.name());
            words.add(used.explanation());
        }
        double kwh = before.kilowattHours() + joules / 3.6e6;
        return new Energy(
                kwh,
                OptionalDouble.of(kwh * settings.gridGramsPerKwh()),
                String.join(" + ", names),
                measured,
                String.join("; and ", words));
    }

    /** Ends the thread; {@link #read} still works. */
    @Override
    public void close() {
        sampler.interrupt();
    }

    private void sample(Duration period) {
        try {
            while (true) {
                Thread.sleep(period);
                sources.forEach(EnergySource::joules);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }
}
