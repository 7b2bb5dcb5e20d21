package org.lugha.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.spi.DeviceProvider;

class DevicesTest {
    @Test
    void are_opened_once() {
        assertSame(Devices.get("cpu"), Devices.get("cpu:0"));
        assertSame(Devices.get("reference"), Devices.get("reference"));
        assertEquals("cpu", Devices.get("cpu").name());
        assertTrue(Devices.get("cpu").isHost());
    }

    @Test
    void unknown_ones_are_answered_with_those_there_are() {
        var e = assertThrows(DeviceException.class, () -> Devices.get("tpu"));
        assertTrue(
                e.getMessage().startsWith("device 'tpu' is not known; there are "), e.getMessage());
        assertTrue(e.getMessage().contains("reference"), e.getMessage());
        assertThrows(DeviceException.class, () -> Devices.get("cpu:1"));
        var number = assertThrows(DeviceException.class, () -> Devices.get("cpu:x"));
        assertTrue(number.getMessage().contains("must be a number"), number.getMessage());
    }

    /** On the module path one list counts, on the class path the other. */
    @Test
    void both_lists_of_providers_agree() throws Exception {
        Path classes =
                Path.of(
                        DeviceProvider.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        List<String> services =
                Files.readAllLines(
                        classes.resolve("META-INF/services/" + DeviceProvider.class.getName()));
        try (InputStream in = Files.newInputStream(classes.resolve("module-info.class"))) {
            var provided =
                    ModuleDescriptor.read(in).provides().stream()
                            .filter(p -> p.service().equals(DeviceProvider.class.getName()))
                            .flatMap(p -> p.providers().stream())
                            .toList();
            assertEquals(new TreeSet<>(provided), new TreeSet<>(services));
        }
        assertEquals(
                new TreeSet<>(services),
                new TreeSet<>(
                        Devices.providers().stream().map(p -> p.getClass().getName()).toList()));
    }
}
