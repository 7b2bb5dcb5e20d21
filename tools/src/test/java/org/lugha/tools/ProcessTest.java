package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Programs of their own: exit codes, Ctrl-C, and what the JVM itself would print. */
class ProcessTest {
    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
    }

    private Process start(List<String> flags, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("org.lugha.tools.Main");
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("err").toFile())
                .redirectOutput(folder.resolve("stdout").toFile())
                .start();
    }

    private List<String> lines(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void signal(Process p, String name) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + p.pid()).start().waitFor());
    }

    /** A shell that runs the tests in the background may have them ignore Ctrl-C. */
    private static boolean ignoresInterrupts(Process p) throws IOException {
        Path status = Path.of("/proc/" + p.pid() + "/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(l -> l.startsWith("SigIgn:"))
                        .anyMatch(l -> (Long.parseUnsignedLong(l.substring(8), 16) & 2) != 0);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void interruptedTrainingSavesAfterTheStepUnderWay() throws Exception {
        Process p = start(List.of(), "train", "--config", tiny.run(), "--set", "steps=1000000");
        try {
            for (int i = 0; lines("out/metrics.jsonl").size() < 3 && p.isAlive() && i < 600; i++) {
                Thread.sleep(50);
            }
            assumeFalse(ignoresInterrupts(p), "Ctrl-C is ignored here, and so by every child");
            signal(p, "INT");
            assertTrue(p.waitFor(60, TimeUnit.SECONDS));
        } finally {
            p.destroyForcibly();
        }
        assertEquals(130, p.exitValue(), () -> tiny.read("err"));
        List<JsonNode> metrics = tiny.json("out/metrics.jsonl");
        assertTrue(metrics.size() >= 3);
        assertEquals(metrics.size(), metrics.getLast().get("step").intValue());
        Cli.ok(
                "score",
                "--model",
                tiny.base().toString(),
                "--adapter",
                tiny.path("out/adapter"),
                "--input",
                tiny.path("ids.jsonl"),
                "--output",
                tiny.path("scores.jsonl"));
        assertTrue(tiny.read("out/report.html").contains("</html>"));
        assertTrue(tiny.read("err").contains("interrupted, ending after this step"));
        assertTrue(tiny.listing().stream().noneMatch(n -> n.contains(".tmp")));
    }

    @Test
    void aWrongRequestEndsWithTwoAndItsLine() throws Exception {
        Process p = start(List.of(), "train", "--config", tiny.run("stpes: 5"));
        assertTrue(p.waitFor(60, TimeUnit.SECONDS));
        assertEquals(2, p.exitValue());
        String last = lines("err").getLast();
        assertTrue(last.startsWith("lugha train: ") && last.contains("did you mean steps?"), last);
        assertFalse(tiny.read("err").contains("\tat "));
        assertEquals("", tiny.read("stdout"));
        assertFalse(Files.exists(folder.resolve("out")));
    }

    @Test
    void tooLittleMemoryIsSaidInOneLine() throws Exception {
        tiny.file("big.txt", "x".repeat(20_000_000));
        Process p =
                start(
                        List.of("-Xmx24m"),
                        "train",
                        "--config",
                        tiny.run(),
                        "--set",
                        "data={train: [{path: '" + tiny.path("big.txt") + "'}]}");
        assertTrue(p.waitFor(60, TimeUnit.SECONDS));
        assertEquals(1, p.exitValue(), () -> tiny.read("err"));
        assertTrue(lines("err").getLast().startsWith("lugha: out of memory"), tiny.read("err"));
        assertFalse(tiny.read("err").contains("\tat "), tiny.read("err"));
    }
}
