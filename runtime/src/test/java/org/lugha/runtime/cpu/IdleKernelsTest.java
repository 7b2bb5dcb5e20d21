package org.lugha.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.measure.Family;
import org.lugha.runtime.plan.PlannedDevice;
import org.lugha.runtime.spi.Memory.Usage;

/** A plan knows what kernels take of the device's memory for themselves. */
class IdleKernelsTest {
    @ParameterizedTest
    @MethodSource("org.lugha.runtime.cpu.SmallCases#all")
    void an_idle_kernel_takes_what_the_kernel_takes(String text) {
        Device cpu = Devices.get("cpu");
        Usage real = extra(cpu, text);
        Usage planned = extra(new PlannedDevice(cpu), text);
        assertEquals(real.peak(), planned.peak(), text);
        assertEquals(0, planned.live());
        assertEquals(0, real.live());
    }

    /** Beyond the operands: bytes at most, and afterwards. */
    private static Usage extra(Device device, String text) {
        try (var _ = Scope.open("extra")) {
            Runnable work = Family.of(text).setup().on(device);
            long operands = device.memory().usage().live();
            device.memory().resetPeak();
            work.run();
            Usage u = device.memory().usage();
            return new Usage(u.live() - operands, u.peak() - operands, 0, 0);
        }
    }
}
