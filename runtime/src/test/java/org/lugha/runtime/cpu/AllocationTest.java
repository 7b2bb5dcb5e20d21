package org.lugha.runtime.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.runtime.Devices;
import org.lugha.runtime.Scope;
import org.lugha.runtime.cpu.lane.Lanes;
import org.lugha.runtime.measure.Family;

/**
 * Nothing in a hot loop allocates: a warm call leaves a few small objects on the heap (tasks and
 * views), never one a vector. In a process of its own, whose JIT has seen no test.
 */
class AllocationTest {
    /** Vectors boxed in a loop would be far more than this in every case below. */
    private static final long MOST = 32 << 10;

    /** How long the JIT may take, in time that the thread really had. */
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    /**
     * With a second width of floats in the process (its class initialised) the JIT no longer knows
     * what a method's vectors are, and some loops become three times slower.
     */
    private static final Pattern WIDTH =
            Pattern.compile("jdk[./]incubator[./]vector[./](Float\\w+Vector)\\b");

    @Test
    void a_warm_call_allocates_next_to_nothing(@TempDir Path folder)
            throws IOException, InterruptedException {
        Path log = folder.resolve("initialised.log");
        Process java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--add-modules=jdk.incubator.vector",
                                "-XX:Tier3DelayOn=10000",
                                "-Xlog:class+init=info:file=" + log,
                                "-Dlugha.vector.bits=" + Lanes.N * 32,
                                "-cp",
                                System.getProperty("java.class.path"),
                                AllocationTest.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String out = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor(), out);
        List<String> lines = out.lines().toList();
        assertEquals(SmallCases.all().count(), lines.size());
        assertEquals(
                List.of(),
                lines.stream()
                        .filter(l -> Long.parseLong(l.substring(l.indexOf('\t') + 1)) > MOST)
                        .toList());
        Set<String> widths = new TreeSet<>();
        WIDTH.matcher(Files.readString(log)).results().forEach(m -> widths.add(m.group(1)));
        assertEquals(Set.of("Float" + Lanes.N * 32 + "Vector"), widths);
    }

    /** Prints each case and the bytes that a call of it allocates in the end. */
    public static void main(String[] args) {
        SmallCases.all().forEach(text -> System.out.println(text + "\t" + bytes(text)));
    }

    private static long bytes(String text) {
        long least = Long.MAX_VALUE;
        try (var _ = Scope.open("allocation")) {
            Runnable work = Family.of(text).setup().on(Devices.get("cpu"));
            long since = processorTime();
            while (least > MOST && processorTime() - since < PATIENCE_NANOS) {
                long before = allocated();
                for (int i = 0; i < 10; i++) {
                    work.run();
                }
                least = Math.min(least, (allocated() - before) / 10);
            }
        }
        return least;
    }

    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }
}
