package org.lugha.cuda;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.lugha.cuda.bindings.driver.cuda_const_h.CUDA_SUCCESS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.lugha.runtime.DeviceException;

/**
 * The few functions of the CUDA driver API that the probe calls, bound to a library that is looked
 * up at run time. The generated bindings name theirs at class load, too early to ask whether it is
 * there. A status other than success becomes a {@link DeviceException} in the driver's words.
 *
 * @see <a href="https://docs.nvidia.com/cuda/cuda-driver-api/">CUDA driver API</a>
 */
final class DriverLibrary {
    private static final int NAME_BYTES = 256;

    /** Each returns a CUresult, an int. */
    private static final Map<String, List<MemoryLayout>> PARAMETERS =
            Map.of(
                    "cuInit", List.of(JAVA_INT),
                    "cuDriverGetVersion", List.of(ADDRESS),
                    "cuDeviceGetCount", List.of(ADDRESS),
                    "cuDeviceGet", List.of(ADDRESS, JAVA_INT),
                    "cuDeviceGetName", List.of(ADDRESS, JAVA_INT, JAVA_INT),
                    "cuDeviceGetAttribute", List.of(ADDRESS, JAVA_INT, JAVA_INT),
                    "cuDeviceTotalMem_v2", List.of(ADDRESS, JAVA_INT),
                    "cuGetErrorName", List.of(JAVA_INT, ADDRESS),
                    "cuGetErrorString", List.of(JAVA_INT, ADDRESS));

    private final SymbolLookup symbols;

    private DriverLibrary(SymbolLookup symbols) {
        this.symbols = symbols;
    }

    /**
     * Opens the library for the rest of the program: a driver does not like to be unloaded.
     *
     * @throws DeviceException if it cannot be opened or lacks a function
     * @throws IllegalCallerException if native access is not enabled
     */
    static DriverLibrary open(String library) {
        SymbolLookup symbols;
        try {
            symbols = SymbolLookup.libraryLookup(library, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new DeviceException(
                    library
                            + " cannot be opened: no NVIDIA driver is installed here, or this"
                            + " container was started without its GPUs",
                    e);
        }
        List<String> missing =
                PARAMETERS.keySet().stream()
                        .filter(name -> symbols.find(name).isEmpty())
                        .sorted()
                        .toList();
        if (!missing.isEmpty()) {
            throw new DeviceException(
                    library
                            + " lacks "
                            + String.join(", ", missing)
                            + ": it is not the library of an NVIDIA driver for CUDA 12 or newer");
        }
        return new DriverLibrary(symbols);
    }

    void init() {
        run("cuInit", 0);
    }

    /** The newest CUDA version the driver supports: 12080 is 12.8. */
    int version() {
        return readInt("cuDriverGetVersion");
    }

    int deviceCount() {
        return readInt("cuDeviceGetCount");
    }

    /** The driver's handle of its device with this number. */
    int device(int index) {
        return readInt("cuDeviceGet", index);
    }

    String name(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(NAME_BYTES);
            run("cuDeviceGetName", out, NAME_BYTES, device);
            return out.getString(0);
        }
    }

    int attribute(int attribute, int device) {
        return readInt("cuDeviceGetAttribute", attribute, device);
    }

    /** Bytes of device memory. */
    long memory(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            run("cuDeviceTotalMem_v2", out, device);
            return out.get(JAVA_LONG, 0);
        }
    }

    /** What a function writes through its first parameter. */
    private int readInt(String function, Object... others) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_INT);
            run(function, Stream.concat(Stream.of(out), Stream.of(others)).toArray());
            return out.get(JAVA_INT, 0);
        }
    }

    private void run(String function, Object... arguments) {
        int status = call(function, arguments);
        if (status != CUDA_SUCCESS()) {
            throw new DeviceException(
                    String.format(
                            Locale.ROOT,
                            "%s failed with %s (%d): %s",
                            function,
                            text("cuGetErrorName", status),
                            status,
                            text("cuGetErrorString", status)));
        }
    }

    private String text(String function, int status) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ADDRESS);
            boolean known = call(function, status, out) == CUDA_SUCCESS();
            return known
                    ? out.get(ADDRESS, 0).reinterpret(Long.MAX_VALUE).getString(0)
                    : "a status the driver cannot name";
        }
    }

    private int call(String function, Object... arguments) {
        MemoryLayout[] parameters = PARAMETERS.get(function).toArray(MemoryLayout[]::new);
        try {
            return (int)
                    Linker.nativeLinker()
                            .downcallHandle(
                                    symbols.findOrThrow(function),
                                    FunctionDescriptor.of(JAVA_INT, parameters))
                            .invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(function + " throws nothing by itself", e);
        }
    }
}
