package org.lugha.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lugha.runtime.DeviceException;
import org.lugha.runtime.Devices;
import org.lugha.runtime.spi.DeviceProvider;

class CudaProviderTest {
    private static final String SERVICE = DeviceProvider.class.getName();

    @Test
    void isFoundByName() {
        assertTrue(Devices.providers().stream().anyMatch(CudaProvider.class::isInstance));
        String error =
                assertThrows(DeviceException.class, () -> Devices.get("cuda:0")).getMessage();
        assertTrue(error.contains(new CudaProvider().unavailable().orElseThrow()), error);
    }

    @Test
    void saysSoWhereAGpuIsFound() {
        var gpu = new Probe.Available(12080, List.of(new Gpu(0, "Stub One", 9, 0, 1L << 30)));
        assertEquals(
                "Stub One (compute capability 9.0, 1.0 GiB) with a driver for CUDA 12.8 found,"
                        + " but this version has no CUDA kernels yet",
                CudaProvider.reason(gpu));
    }

    @Test
    void cannotBeOpened() {
        var provider = new CudaProvider();
        String error = assertThrows(DeviceException.class, () -> provider.open(1)).getMessage();
        assertEquals("cuda:1: " + provider.unavailable().orElseThrow(), error);
    }

    @Test
    void modulePathAndClassPathKnowTheSameProviders() throws Exception {
        URI classes =
                CudaProvider.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        List<String> onClassPath;
        try (InputStream in =
                classes.resolve("META-INF/services/" + SERVICE).toURL().openStream()) {
            onClassPath =
                    new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().lines().toList();
        }
        try (InputStream in = classes.resolve("module-info.class").toURL().openStream()) {
            List<String> onModulePath =
                    ModuleDescriptor.read(in).provides().stream()
                            .filter(provides -> provides.service().equals(SERVICE))
                            .flatMap(provides -> provides.providers().stream())
                            .toList();
            assertEquals(List.of(CudaProvider.class.getName()), onModulePath);
            assertEquals(onModulePath, onClassPath);
        }
    }
}
