package org.lugha.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lugha.runtime.Device;
import org.lugha.runtime.Scope;
import org.lugha.runtime.cpu.thread.Scratch;
import org.lugha.runtime.cpu.thread.Workers;
import org.lugha.runtime.host.HostDevice;
import org.lugha.runtime.host.HostMemory;
import org.lugha.runtime.measure.Family;

/**
 * What a kernel needs beyond its operands, on two threads: the formulas of the classes' Javadoc.
 */
class ExtraMemoryTest {
    private static final int THREADS = 2;

    @ParameterizedTest
    @CsvSource({
        "gemm 512x512x512, 5000",
        "gemm 2048x2048x512, 5000",
        "gemm 896x896x512 TN, 5000",
        "gemm 512x896x8 NT beta1, 100",
        "gemm 512x8x896 NT, 100",
        "gemm 1x4864x896 NT, 100",
        "gemm 512x896x896 NT bf16, 5000",
        "attention 1x4x512x64, 5000",
        "attention 1x4x2048x64, 19000",
        "loss 205x896x4000, 4000",
        "loss 205x896x16000, 4000",
        "loss 205x16000 teacher, 100",
        "norm 512x896, 200",
        "gate 512x4864, 100",
        "gate 512x4864 mask, 100",
        "rope 2x512x14x64, 100",
        "softmax 512x4096, 100",
        "adamw 3x400000, 100",
        "reduce 1024x4864 rows, 2000",
        "reduce 1024x4864 axis32, 100",
        "index 1024x896x1531 scatter, 100",
        "copy 1000003 f32-bf16, 100"
    })
    void a_call_needs_no_more_than_its_formula(String text, long kib) throws InterruptedException {
        AtomicLong extra = new AtomicLong();
        // A thread and a pool of its own: both begin without scratch.
        Thread t = new Thread(() -> extra.set(extra(text)));
        t.start();
        t.join();
        assertTrue(extra.get() <= kib << 10, text + " took " + extra + " bytes");
    }

    private static long extra(String text) {
        Device device =
                new HostDevice(
                        "cpu", "", HostMemory.create(), CpuProvider.kernels(new Workers(THREADS)));
        try (var _ = Scope.open("extra")) {
            Runnable work = Family.of(text).setup().on(device);
            long live = device.memory().usage().live();
            device.memory().resetPeak();
            long before = Scratch.reserved();
            work.run();
            return Scratch.reserved() - before + device.memory().usage().peak() - live;
        }
    }
}
