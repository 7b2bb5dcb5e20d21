package org.lugha.cuda;

import static org.lugha.cuda.bindings.driver.cuda_const_h.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static org.lugha.cuda.bindings.driver.cuda_const_h.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.lugha.runtime.DeviceException;

/**
 * Asks this machine for its CUDA devices. The answer is a value, never an exception, and no
 * generated class is touched before a driver was seen and native access granted: it would fail to
 * load, and stay failed.
 */
public final class CudaProbe {
    /** The property that switches CUDA off, with the value {@code off}. */
    public static final String SWITCH = "lugha.cuda";

    static final String LIBRARY = "libcuda.so.1";
    private static final int OLDEST_DRIVER = 12000;

    private CudaProbe() {}

    /** Looks for a driver and its devices; takes about 15 ms the first time. */
    public static Probe probe() {
        return probe(LIBRARY, System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /** The same with another library, and as if on another system. */
    static Probe probe(String library, String os, String arch) {
        return switchedOff()
                .or(() -> unsupported(os, arch))
                .<Probe>map(Probe.Unavailable::new)
                .orElseGet(() -> search(library));
    }

    private static Optional<String> switchedOff() {
        return "off".equals(System.getProperty(SWITCH))
                ? Optional.of("switched off by -D" + SWITCH + "=off")
                : Optional.empty();
    }

    /** The bindings take size_t for a long, which holds on 64-bit Linux. */
    private static Optional<String> unsupported(String os, String arch) {
        boolean fits =
                os.toLowerCase(Locale.ROOT).startsWith("linux")
                        && (arch.equals("amd64") || arch.equals("aarch64"));
        return fits
                ? Optional.empty()
                : Optional.of(
                        "CUDA is used on Linux x86-64 and Linux aarch64 only, this is "
                                + os
                                + " "
                                + arch);
    }

    private static Probe search(String library) {
        try {
            return ask(DriverLibrary.open(library));
        } catch (DeviceException e) {
            return new Probe.Unavailable(e.getMessage());
        } catch (IllegalCallerException e) {
            Module here = CudaProbe.class.getModule();
            return new Probe.Unavailable(
                    "native access is not enabled: start java with --enable-native-access="
                            + (here.isNamed() ? here.getName() : "ALL-UNNAMED"));
        }
    }

    private static Probe ask(DriverLibrary driver) {
        driver.init();
        int version = driver.version();
        if (version < OLDEST_DRIVER) {
            return new Probe.Unavailable(
                    "the NVIDIA driver supports CUDA %s, %s or newer is needed: update the driver"
                            .formatted(words(version), words(OLDEST_DRIVER)));
        }
        int count = driver.deviceCount();
        if (count == 0) {
            return new Probe.Unavailable(
                    "the NVIDIA driver works but shows no device: is CUDA_VISIBLE_DEVICES empty?");
        }
        return new Probe.Available(
                version, IntStream.range(0, count).mapToObj(i -> describe(driver, i)).toList());
    }

    private static Gpu describe(DriverLibrary driver, int index) {
        int device = driver.device(index);
        return new Gpu(
                index,
                driver.name(device),
                driver.attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR(), device),
                driver.attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR(), device),
                driver.memory(device));
    }

    static String words(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }
}
