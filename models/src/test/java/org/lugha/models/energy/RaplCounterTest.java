package org.lugha.models.energy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaplCounterTest {
    @TempDir Path root;

    @BeforeEach
    void twoPackages() throws IOException {
        domain("intel-rapl:0", "package-0", 1_000);
        domain("intel-rapl:0:0", "core", 500);
        domain("intel-rapl:0:1", "dram", 100);
        domain("intel-rapl:1", "package-1", 9_999_000);
        domain("intel-rapl:2", "psys", 7);
        domain("intel-rapl-mmio:0", "package-0", 1_000);
        Files.createDirectories(root.resolve("dtpm"));
    }

    @Test
    void packagesAndMemoryCountOnceAndCountersGoRound() throws IOException {
        RaplCounter counter = RaplCounter.open(root).counter().orElseThrow();
        assertEquals(0, counter.joules());
        set("intel-rapl:0", 3_001_000);
        set("intel-rapl:0:0", 2_000_000);
        set("intel-rapl:0:1", 1_000_100);
        set("intel-rapl:1", 499_000);
        set("intel-rapl:2", 9_000_000);
        set("intel-rapl-mmio:0", 3_001_000);
        assertEquals(3 + 1 + 0.5, counter.joules(), 1e-9);
        set("intel-rapl:1", 500_000);
        assertEquals(4.501, counter.joules(), 1e-9);
        assertTrue(counter.explanation().contains("package-0, dram, package-1"));
        assertTrue(counter.measured());
    }

    @Test
    void aReadingThatFailsIsMadeUpFor() throws IOException {
        RaplCounter counter = RaplCounter.open(root).counter().orElseThrow();
        Files.writeString(root.resolve("intel-rapl:0/energy_uj"), "?");
        assertEquals(0, counter.joules());
        set("intel-rapl:0", 2_001_000);
        assertEquals(2, counter.joules(), 1e-9);
        assertTrue(counter.explanation().endsWith("1 readings failed"));
    }

    @Test
    void whatIsNotThereIsSaid(@TempDir Path empty) throws IOException {
        assertEquals("no RAPL readable at " + empty, RaplCounter.open(empty).why());
        Path gone = empty.resolve("x");
        assertEquals("no RAPL readable at " + gone, RaplCounter.open(gone).why());
        Files.delete(root.resolve("intel-rapl:1/energy_uj"));
        var found = RaplCounter.open(root);
        assertTrue(found.counter().isEmpty());
        assertTrue(found.why().contains("intel-rapl:1"), found.why());
    }

    private void domain(String folder, String name, long energy) throws IOException {
        Path d = Files.createDirectories(root.resolve(folder));
        Files.writeString(d.resolve("name"), name + "\n");
        Files.writeString(d.resolve("max_energy_range_uj"), "10000000\n");
        set(folder, energy);
    }

    private void set(String folder, long energy) throws IOException {
        Files.writeString(root.resolve(folder).resolve("energy_uj"), energy + "\n");
    }
}
