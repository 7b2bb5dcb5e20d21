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
