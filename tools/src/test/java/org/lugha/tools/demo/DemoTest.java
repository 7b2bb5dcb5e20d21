package org.lugha.tools.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lugha.models.RequestException;
import org.lugha.runtime.Devices;

/** The quick demo, run once for all tests, and the example program on what it wrote. */
class DemoTest {
    @TempDir private static Path folder;
    private static Path demo;
    private static Demo.Outcome outcome;
    private static String printed;

    @BeforeAll
    static void run() {
        demo = folder.resolve("demo");
        StringWriter out = new StringWriter();
        outcome = new Demo(true, Devices.get("cpu"), new PrintWriter(out), () -> false).run(demo);
        printed = out.toString();
    }

    @Test
    void adaptationLearnsSomethingEvenInSeconds() {
        assertTrue(outcome.chrfBefore() < 25, printed);
        assertTrue(outcome.chrfAfter() > outcome.chrfBefore() + 5, printed);
    }

    @Test
    void whatWasWrittenTranslatesAsWhatWasTrained() {
        assertTrue(outcome.identicalAfterReload(), printed);
    }

    @Test
    void everythingIsWrittenAndTheReportOpensOffline() throws IOException {
        for (String name :
                List.of(
                        "base/config.json",
                        "base/model.safetensors",
                        "base/tokenizer.json",
                        "adapter/adapter_config.json",
                        "adapter/adapter_model.safetensors",
                        "adapter/tokenizer.json",
                        "tokenizer/tokenizer.json",
                        "data/train.jsonl",
                        "data/held-out.jsonl",
                        "report.html")) {
            assertTrue(Files.size(demo.resolve(name)) > 0, name);
        }
        String page = Files.readString(demo.resolve("report.html"));
        assertTrue(page.contains("class=\"line s0\""), "loss curves");
        assertFalse(page.contains("http"), "nothing is fetched");
        try (var siblings = Files.list(folder)) {
            assertEquals(List.of(demo), siblings.toList(), "nothing half-written stays");
        }
    }

    @Test
    void theTableNamesWhatTheReaderWants() {
        for (String wanted :
                List.of(
                        "chrF++",
                        "BLEU",
                        "exact",
                        "tokens/s",
                        "skipped",
                        "peak memory",
                        "trained")) {
            assertTrue(printed.contains(wanted), wanted);
        }
    }

    @Test
    void aFolderOfSomebodyElseIsNotReplaced() throws IOException {
        Path other = Files.createDirectories(folder.resolveSibling("other-" + System.nanoTime()));
        Files.writeString(other.resolve("thesis.txt"), "mine");
        Files.writeString(other.resolve("report.html"), "a training run has one too");
        Demo again =
                new Demo(true, Devices.get("cpu"), new PrintWriter(new StringWriter()), () -> true);
        String message = assertThrows(RequestException.class, () -> again.run(other)).getMessage();
        assertTrue(message.contains("is not a demo's folder"), message);
        assertEquals("mine", Files.readString(other.resolve("thesis.txt")));
    }

    @Test
    void anInterruptedDemoLeavesNothing() throws IOException {
        Path parent = Files.createDirectories(folder.resolveSibling("stop-" + System.nanoTime()));
        Demo stopped =
                new Demo(true, Devices.get("cpu"), new PrintWriter(new StringWriter()), () -> true);
        assertThrows(CancellationException.class, () -> stopped.run(parent.resolve("demo")));
        try (var left = Files.list(parent)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void theExampleAdaptsTheDemosModel() throws Exception {
        Path adapter = folder.resolveSibling("adapter-" + System.nanoTime());
        Path log = folder.resolveSibling("example-" + System.nanoTime() + ".log");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-p",
                                System.getProperty("java.class.path"),
                                "--add-modules",
                                "org.lugha.models",
                                "examples/Adapt.java",
                                demo.resolve("base").toString(),
                                demo.resolve("data/train.jsonl").toString(),
                                adapter.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        String output = Files.readString(log);
        assertEquals(0, process.exitValue(), output);
        List<String> steps = output.lines().filter(l -> l.matches("\\d+ \\S+")).toList();
        assertEquals(50, steps.size(), output);
        assertTrue(loss(steps.getLast()) < loss(steps.getFirst()), output);
        assertTrue(Files.exists(adapter.resolve("adapter_model.safetensors")));
    }

    private static double loss(String line) {
        return Double.parseDouble(line.substring(line.indexOf(' ') + 1));
    }
}
