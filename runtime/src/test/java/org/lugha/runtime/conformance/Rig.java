package org.lugha.runtime.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.cpu.CpuProvider;
import org.lugha.runtime.spi.Kernels;

/**
 * Two sets of kernels that must agree.
 *
 * @param exact whether to the bit; else within what a case allows
 */
record Rig(
        String name,
        Device device,
        Kernels tested,
        Device oracleDevice,
        Kernels oracle,
        boolean exact) {

    /**
     * The device against the reference; and, for {@code cpu} at its own width, one thread against
     * four.
     */
    static List<Rig> all() {
        Device device = Devices.get(System.getProperty("lugha.conformance", "cpu"));
        Device reference = Devices.get("reference");
        List<Rig> rigs = new ArrayList<>();
        rigs.add(
                new Rig(
                        device.name() + " and reference",
                        device,
                        device.kernels(),
                        reference,
                        reference.kernels(),
                        false));
        if (device.name().equals("cpu") && Integer.getInteger("lugha.vector.bits") == null) {
            rigs.add(
                    new Rig(
                            "cpu with 1 thread and 4",
                            device,
                            Threads.ONE,
                            device,
                            Threads.FOUR,
                            true));
        }
        return rigs;
    }

    /** This device, whose kernels are all host fallbacks, against the reference. */
    static Rig fallback(Device device) {
        Device reference = Devices.get("reference");
        return new Rig("fallback", device, device.kernels(), reference, reference.kernels(), true);
    }

    private static final class Threads {
        static final Kernels ONE = CpuProvider.kernels(1);
        static final Kernels FOUR = CpuProvider.kernels(4);
    }

    /** One case in a scope of its own. */
    void trial(String what, Consumer<Trial> body) {
        long live = device.memory().usage().live();
        try (var _ = Scope.open(what)) {
            body.accept(new Trial(this, what));
        }
        assertEquals(live, device.memory().usage().live(), "bytes live after " + what);
    }

    static <K> K pick(Kernels kernels, Class<K> family) {
        for (RecordComponent c : Kernels.class.getRecordComponents()) {
            if (c.getType() == family) {
                try {
                    return family.cast(c.getAccessor().invoke(kernels));
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        throw new IllegalArgumentException(family + " is no family of kernels");
    }

    @Override
    public String toString() {
        return name;
    }
}
