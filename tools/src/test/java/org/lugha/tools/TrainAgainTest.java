package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs that meet what is there already: an adapter to go on with, an output folder. */
class TrainAgainTest {
    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
    }

    private List<JsonNode> train(String run, String... settings) {
        List<String> args = new ArrayList<>(List.of("train", "--config", run, "--overwrite"));
        for (String s : settings) {
            args.add("--set");
            args.add(s);
        }
        Cli.ok(args.toArray(String[]::new));
        return tiny.json("out/metrics.jsonl");
    }

    private static List<Double> values(List<JsonNode> lines, String key) {
        return lines.stream().filter(l -> l.has(key)).map(l -> l.get(key).doubleValue()).toList();
    }

    @Test
    void anAdapterToStartFromIsGoneOnWith() {
        List<JsonNode> first = train(tiny.run(), "optimizer.lr=0.02", "steps=6");
        folder.resolve("out").toFile().renameTo(folder.resolve("first").toFile());
        String init = "method={init_adapter: '" + tiny.path("first/adapter") + "'";
        List<JsonNode> second = train(tiny.run(), init + "}", "batch.sequences=8");
        assertTrue(
                values(second, "loss").getFirst() < values(first, "loss").getFirst(),
                "it goes on where the first ended");
        assertEquals(
                values(second, "loss"),
                values(
                        train(
                                tiny.run(),
                                init
                                        + ", rank: 2, alpha: 4, targets: [down_proj, up_proj,"
                                        + " gate_proj, o_proj, v_proj, k_proj, q_proj]}",
                                "batch.sequences=8"),
                        "loss"),
                "saying what it has, in any order, changes nothing");
        for (String wrong : List.of("rank: 4", "alpha: 8", "targets: [q_proj]", "rslora: true")) {
            String line =
                    Cli.refusal(
                            "train",
                            "--config",
                            tiny.run(),
                            "--overwrite",
                            "--set",
                            init + ", " + wrong + "}");
            assertTrue(line.contains("method." + wrong.replaceAll(":.*", "")), line);
            assertTrue(line.contains("make it agree"), line);
        }
    }

    @Test
    void aDryRunWritesNothing() {
        String run = tiny.run();
        List<String> before = tiny.listing();
        Cli cli = Cli.ok("train", "--config", run, "--dry-run");
        assertTrue(cli.err().contains("nothing was trained"));
        assertTrue(cli.err().contains("8 examples, 76 tokens, 47 counted"), cli.err());
        assertEquals(before, tiny.listing());
    }

    @Test
    void aRunIsReplacedOnlyWhenAsked() throws IOException {
        train(tiny.run());
        tiny.file("out/notes.md", "mine");
        List<String> before = tiny.listing();
        for (String[] more : new String[][] {{}, {"--dry-run"}}) {
            List<String> args = new ArrayList<>(List.of("train", "--config", tiny.run()));
            args.addAll(List.of(more));
            String line = Cli.refusal(args.toArray(String[]::new));
            assertTrue(line.contains("already holds a run; give --overwrite"), line);
            assertEquals(before, tiny.listing());
        }
        assertEquals(1, train(tiny.run(), "method={type: full}", "steps=1").size());
        assertFalse(Files.exists(folder.resolve("out/adapter")), "nothing of the old run is left");
        assertEquals("mine\n", tiny.read("out/notes.md"), "and nothing else is touched");
        String adapter = tiny.path("out/model");
        String line =
                Cli.refusal(
                        "train",
                        "--config",
                        tiny.run(),
                        "--overwrite",
                        "--set",
                        "model.path='" + adapter + "'");
        assertTrue(line.contains("would delete " + adapter), line);
    }
}
