package org.lugha.models.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnergyMeterTest {
    private static final Duration NEVER = Duration.ofDays(1);

    @TempDir Path root;

    @Test
    void countersAreMeasuredAndAddUpOverParts() throws IOException {
        rapl(0);
        AtomicLong device = new AtomicLong(5);
        List<DeviceCounter> devices = List.of(new DeviceCounter("nvml cuda:0", device::get));
        Energy first;
        try (EnergyMeter m = meter(EnergySettings.DEFAULT, Energy.NONE, devices)) {
            rapl(1_800_000_000L);
            device.set(1_800_000 + 5);
            first = m.read();
        }
        assertEquals(1e-3, first.kilowattHours(), 1e-12);
        assertEquals(0.475, first.gramsCo2().orElseThrow(), 1e-9);
        assertEquals("rapl + nvml cuda:0", first.source());
        assertTrue(first.measured());
        try (EnergyMeter m = meter(EnergySettings.DEFAULT, Energy.of(first.json()), List.of())) {
            rapl(5_400_000_000L);
            Energy both = m.read();
            assertEquals(2e-3, both.kilowattHours(), 1e-12);
            assertTrue(both.measured());
            assertEquals("rapl + nvml cuda:0", both.source());
            assertEquals(first.explanation(), both.explanation(), "said once");
        }
    }

    @Test
    void aThreadReadsBeforeTheCounterGoesRoundAgain() throws Exception {
        rapl(0);
        AtomicLong rounds = new AtomicLong();
        var counts = new DeviceCounter("d", () -> rounds.incrementAndGet() * 0);
        try (EnergyMeter m =
                EnergyMeter.start(
                        EnergySettings.DEFAULT,
                        Energy.NONE,
                        List.of(counts),
                        root,
                        Duration.ofMillis(1))) {
            rapl(5_000_000_000L);
            long whole = rounds.get() + 2;
            while (rounds.get() < whole) {
                Thread.sleep(1);
            }
            rapl(1_000_000_000L);
            assertEquals(7_000 / 3.6e6, m.read().kilowattHours(), 1e-12);
        }
    }

    @Test
    void anEstimateNeverCallsItselfMeasured() {
        try (EnergyMeter m = meter(EnergySettings.DEFAULT, Energy.NONE, List.of())) {
            Energy e = m.read();
            assertFalse(e.measured());
            assertEquals("processor time", e.source());
            assertTrue(e.explanation().startsWith("estimated: no RAPL readable at " + root));
            assertTrue(e.kilowattHours() >= 0);
        }
        Energy part =
                new Energy(1, OptionalDouble.empty(), "processor time", false, "estimated: x");
        try (EnergyMeter m =
                meter(EnergySettings.DEFAULT, part, List.of(new DeviceCounter("d", () -> 0)))) {
            assertFalse(m.read().measured(), "one part is estimated");
        }
    }

    @Test
    void aCounterThatStandsStillIsNone() throws IOException {
        rapl(77);
        try (EnergyMeter m = meter(EnergySettings.DEFAULT, Energy.NONE, List.of())) {
            Energy e = m.read(Duration.ofSeconds(5).toNanos());
            assertFalse(e.measured());
            assertTrue(e.explanation().contains("stands still"), e.explanation());
        }
    }

    @Test
    void givenWattsBeatCounters() throws IOException {
        rapl(0);
        var settings = new EnergySettings(100, OptionalDouble.of(250));
        try (EnergyMeter m = meter(settings, Energy.NONE, List.of())) {
            rapl(9_000_000_000L);
            Energy e = m.read();
            assertEquals("watts", e.source());
            assertFalse(e.measured());
            assertTrue(e.kilowattHours() < 250 * 60 / 3.6e6);
            assertEquals(e.kilowattHours() * 100, e.gramsCo2().orElseThrow(), 1e-12);
            assertTrue(e.explanation().contains("250 W"), e.explanation());
        }
        var watts = new WattsEstimate(OptionalDouble.of(250), "");
        assertEquals(250 * 7200, watts.joules(7200));
    }

    @Test
    void theAssumptionIsIdleAndBusyProcessors() {
        Duration[] used = {Duration.ofSeconds(10)};
        var e = new WattsEstimate(OptionalDouble.empty(), "none", 8, () -> Optional.of(used[0]));
        used[0] = Duration.ofSeconds(40);
        assertEquals(8 * 1 * 10 + 4 * 30, e.joules(10), 1e-9);
        var unknown = new WattsEstimate(OptionalDouble.empty(), "none", 8, Optional::empty);
        assertEquals(8 * 5 * 10, unknown.joules(10), 1e-9);
    }

    @Test
    void numbersAreShort() {
        assertEquals(
                "0.0123 kWh, 5.86 g CO2eq (because)",
                new Energy(0.012345, OptionalDouble.of(5.8638), "x", false, "because").line());
        assertEquals("12346", Energy.number(12345.6));
        assertThrows(
                IllegalArgumentException.class,
                () -> new EnergySettings(Double.NaN, OptionalDouble.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new EnergySettings(475, OptionalDouble.of(0)));
    }

    private EnergyMeter meter(EnergySettings s, Energy before, List<DeviceCounter> devices) {
        return EnergyMeter.start(s, before, devices, root, NEVER);
    }

    private void rapl(long microjoules) throws IOException {
        Path d = Files.createDirectories(root.resolve("intel-rapl:0"));
        Files.writeString(d.resolve("name"), "package-0");
        Files.writeString(d.resolve("max_energy_range_uj"), "6000000000");
        Files.writeString(d.resolve("energy_uj"), Long.toString(microjoules));
    }
}
