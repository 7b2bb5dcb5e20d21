package org.lugha.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "the driver library is bound on Linux only")
class CudaProbeTest {
    @TempDir static Path folder;

    @Test
    void describesEveryDevice() throws Exception {
        var found =
                assertInstanceOf(
                        Probe.Available.class, probe(StubDriver.compile(folder, "DEVICES=2")));
        assertEquals(12080, found.driverVersion());
        assertEquals(
                List.of(
                        new Gpu(0, "Stub One", 9, 0, 5L << 30),
                        new Gpu(1, "Stub Two", 9, 1, 10L << 30)),
                found.devices());
        assertEquals(
                "Stub One (compute capability 9.0, 5.0 GiB),"
                        + " Stub Two (compute capability 9.1, 10.0 GiB) with a driver for CUDA 12.8",
                found.words());
    }

    @Test
    void saysWhyTheDriverDoesNotStart() throws Exception {
        assertEquals(
                "cuInit failed with CUDA_ERROR_NO_DEVICE (100): no CUDA-capable device is detected",
                reason(StubDriver.compile(folder, "INIT=100")));
    }

    @Test
    void givesTheNumberOfAStatusTheDriverCannotName() throws Exception {
        String reason = reason(StubDriver.compile(folder, "INIT=4711"));
        assertTrue(reason.startsWith("cuInit failed with "), reason);
        assertTrue(reason.contains("(4711)"), reason);
    }

    @Test
    void refusesAnOldDriver() throws Exception {
        assertEquals(
                "the NVIDIA driver supports CUDA 11.8, 12.0 or newer is needed: update the driver",
                reason(StubDriver.compile(folder, "VERSION=11080")));
    }

    @Test
    void namesAMissingFunction() throws Exception {
        String reason = reason(StubDriver.compile(folder, "WITHOUT_MEMORY"));
        assertTrue(reason.contains(" lacks cuDeviceTotalMem_v2: "), reason);
    }

    @Test
    void saysThatThereIsNoDevice() throws Exception {
        String reason = reason(StubDriver.compile(folder, "DEVICES=0"));
        assertTrue(reason.contains("shows no device"), reason);
    }

    @Test
    void namesALibraryThatIsNotThere() {
        String reason = reason("libcuda-of-nobody.so.1");
        assertTrue(reason.startsWith("libcuda-of-nobody.so.1 cannot be opened"), reason);
    }

    /** Holds on every machine: what is found depends on whether the loader finds the driver. */
    @Test
    void agreesWithTheLoaderOnThisMachine() {
        boolean driver = true;
        try (Arena arena = Arena.ofConfined()) {
            SymbolLookup.libraryLookup(CudaProbe.LIBRARY, arena);
        } catch (IllegalArgumentException e) {
            driver = false;
        }
        switch (CudaProbe.probe()) {
            case Probe.Available found -> {
                assertTrue(driver);
                assertFalse(found.devices().isEmpty());
                assertTrue(found.devices().stream().allMatch(gpu -> gpu.memory() > 0));
            }
            case Probe.Unavailable(String reason) ->
                    assertEquals(
                            driver, !reason.startsWith("libcuda.so.1 cannot be opened"), reason);
        }
    }

    @Test
    void looksAtNothingWhenSwitchedOff() throws Exception {
        String library = StubDriver.compile(folder, "DEVICES=1");
        System.setProperty(CudaProbe.SWITCH, "off");
        try {
            assertEquals("switched off by -Dlugha.cuda=off", reason(library));
        } finally {
            System.clearProperty(CudaProbe.SWITCH);
        }
        assertInstanceOf(Probe.Available.class, probe(library));
    }

    @Test
    void knowsWhichSystemsTheBindingsFit() {
        for (String[] system : new String[][] {{"Windows 11", "amd64"}, {"Linux", "riscv64"}}) {
            var found =
                    assertInstanceOf(
                            Probe.Unavailable.class,
                            CudaProbe.probe(CudaProbe.LIBRARY, system[0], system[1]));
            assertEquals(
                    "CUDA is used on Linux x86-64 and Linux aarch64 only, this is "
                            + String.join(" ", system),
                    found.reason());
        }
    }

    @Test
    void namesTheFlagWhenNativeAccessIsDenied() throws Exception {
        Process java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--illegal-native-access=deny",
                                "-cp",
                                System.getProperty("java.class.path"),
                                PrintedProbe.class.getName())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(
                "native access is not enabled: start java with --enable-native-access=ALL-UNNAMED",
                output.strip());
        assertEquals(0, java.waitFor());
    }

    /** What the probe says, for a JVM started with other flags. */
    static final class PrintedProbe {
        private PrintedProbe() {}

        public static void main(String[] args) {
            System.out.println(CudaProvider.reason(CudaProbe.probe()));
        }
    }

    private static Probe probe(String library) {
        return CudaProbe.probe(
                library, System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    private static String reason(String library) {
        return assertInstanceOf(Probe.Unavailable.class, probe(library)).reason();
    }
}
