package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DataCommandTest {
    @TempDir private Path folder;

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void checkTellsEveryBadLineAndEndsWithOne() throws IOException {
        String good = file("good.txt", "one\ntwo\n");
        String bad = file("bad.jsonl", "{\"text\":\"a\"}\n{\"text\":\n{\"text\":\"\\u0000\"}\n");
        Cli cli = Cli.run("data", "check", "--input", good, bad);
        assertEquals(1, cli.exit());
        assertTrue(cli.out().contains(bad + ":2: is not valid JSON"), cli.out());
        assertTrue(cli.out().contains(bad + ":3: text holds U+0000 (NULL) at character 1"));
        assertTrue(cli.out().contains(good + ": text, 2 examples in 2 lines, 0 errors"));
        assertEquals("lugha data check: 2 errors, 0 warnings, 0 notes in 2 files", cli.lastLine());
        JsonNode json = json(Cli.run("data", "check", "--input", bad, "--limit", "1", "--json"));
        assertEquals(2, json.get("errors").intValue());
        assertEquals(1, json.get("findings").size());
        assertEquals(2, json.get("findings").get(0).get("line").intValue());
    }

    @Test
    void checkTellsWhatStandsInTrainingToo() throws IOException {
        String train = file("train.txt", "one\ntwo\n");
        String dev = file("dev.txt", "three\nTwo!\n");
        Cli cli = Cli.ok("data", "check", "--input", train, "--eval", dev);
        assertTrue(cli.out().contains(dev + ":2 is also " + train + ":2"), cli.out());
    }

    @Test
    void statsTellOfLanguages() throws IOException {
        String one = file("one.txt", "habari ya leo\nhabari\n");
        Cli cli = Cli.ok("data", "stats", "--input", one + ":swh");
        assertTrue(cli.out().contains("Latin 100.0 %"), cli.out());
        assertTrue(cli.out().contains("duplicates: 0 exact, 0 near"), cli.out());
        JsonNode swh =
                json(Cli.ok("data", "stats", "--input", "swh=" + one, "--json"))
                        .get("languages")
                        .get("swh");
        assertEquals(4, swh.get("words").intValue());
        assertEquals("characters", swh.get("length").get("unit").stringValue());
        assertEquals(6, swh.get("length").get("median").doubleValue());
    }

    @Test
    void mixWritesWhatItTellsOf() throws IOException {
        String a = file("a.txt", "a\n".repeat(90));
        String b = file("b.txt", "b\n".repeat(10));
        Path output = folder.resolve("mixed.jsonl");
        JsonNode sets =
                json(Cli.ok(
                                "data",
                                "mix",
                                "--input",
                                a,
                                "x=" + b,
                                "--weights",
                                "1,3",
                                "--temperature",
                                "2",
                                "--output",
                                output.toString(),
                                "--json"))
                        .get("sets");
        assertEquals(0.5, sets.get(1).get("asked").doubleValue(), 1e-9);
        var drawn = Files.readAllLines(output);
        assertEquals(100, drawn.size());
        assertEquals(
                sets.get(1).get("drawn").longValue(),
                drawn.stream().filter("{\"text\":\"b\",\"language\":\"x\"}"::equals).count());
        Refused.says(Cli.refusal("data", "mix", "--input", a, "--output", a), "same file");
        Refused.says(
                Cli.refusal("data", "mix", "--input", a, "--weights", "1,2"), "1 files, got 2");
        Refused.says(Cli.refusal("data", "mix", "--input", a, "--temperature", "0"), "above 0");
    }

    @Test
    void wrongRequests() throws IOException {
        String one = file("one.txt", "one\n");
        Refused.says(Cli.refusal("data"), "data what? One of check");
        Refused.says(Cli.refusal("data", "check"), "needs --input FILE");
        Refused.says(Cli.refusal("data", "check", "--input", one, one), "twice");
        Refused.says(Cli.refusal("data", "check", "--input", one + "x"), "no such file");
        Refused.says(Cli.refusal("data", "check", "--input", one, "--tags"), "--tokenizer DIR");
        Refused.says(
                Cli.refusal("data", "check", "--input", one, "--format", "poem"), "segments, ids");
    }

    private static JsonNode json(Cli cli) {
        return JsonMapper.shared().readTree(cli.out());
    }
}
