package org.lugha.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.measure.Family;

/**
 * Nothing in a hot loop allocates: a warm call leaves a few small objects on the heap (tasks and
 * views), never one a row, tile or vector.
 */
class AllocationTest {
    /** A vector boxed once a row would be more than this in every case below. */
    private static final long MOST = 16 << 10;

    /** How long the JIT may take, in time that this thread really had. */
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    @ParameterizedTest
    @MethodSource("org.lugha.runtime.cpu.SmallCases#all")
    void a_warm_call_allocates_next_to_nothing(String text) {
        long least = Long.MAX_VALUE;
        try (var _ = Scope.open("allocation")) {
            Runnable work = Family.of(text).setup().on(Devices.get("cpu"));
            // The JIT compiles beside us; what counts is what remains when it is done.
            long since = processorTime();
            while (least > MOST && processorTime() - since < PATIENCE_NANOS) {
                long before = allocated();
                for (int i = 0; i < 10; i++) {
                    work.run();
                }
                least = Math.min(least, (allocated() - before) / 10);
            }
        }
        assertTrue(least <= MOST, text + ": a call allocates " + least + " bytes");
    }

    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
