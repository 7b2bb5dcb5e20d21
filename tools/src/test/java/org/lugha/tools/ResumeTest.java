package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lugha.models.settings.RunFile;
import org.lugha.models.train.Metrics;
import org.lugha.models.train.TrainingRun;
import org.lugha.models.train.TrainingRun.Start;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs that end before their time and are gone on with. */
class ResumeTest {
    private static final String STEPS = "steps=6";

    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
    }

    /** Falls over after a step whose line is written, as if the process had been killed. */
    private record Killer(int step) implements TrainingRun.Listener {
        @Override
        public void step(Metrics.Step s, int total) {
            if (s.step() == step) {
                throw new IllegalStateException("killed");
            }
        }
    }

    private TrainingRun run(TrainingRun.Listener listener, String... settings) {
        List<String> all = new ArrayList<>();
        all.addAll(List.of("checkpoint.every=2", "evaluate.every=3", "optimizer.lr=0.01"));
        all.addAll(List.of(settings));
        return new TrainingRun(RunFile.read(Path.of(tiny.run()), all), listener);
    }

    private void finish(Start start, String... settings) {
        run(new Killer(0), settings).execute(start, () -> false);
    }

    private void killAt(int step, Start start, String... settings) {
        TrainingRun run = run(new Killer(step), settings);
        assertThrows(IllegalStateException.class, () -> run.execute(start, () -> false));
    }

    /** Everything of the output but times. */
    private List<String> outcome() throws IOException {
        List<String> all = new ArrayList<>();
        for (JsonNode line : tiny.json("out/metrics.jsonl")) {
            if (line.has("tokens_per_s")) {
                line.asObject().remove("tokens_per_s");
            }
            all.add(line.toString());
        }
        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            for (Path p :
                    files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList()) {
                all.add(
                        folder.relativize(p)
                                + " "
                                + java.util.Arrays.hashCode(Files.readAllBytes(p)));
            }
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "method={type: full}|precision=bf16",
                "method={type: full}|optimizer.type=adamw8bit",
                "method={type: dylora, rank: 4}|gradient_checkpointing=true",
                "method.dropout=0.1|data={packing: true, max_length: 24}|batch.accumulate=2",
                "evaluate.early_stopping_patience=1|optimizer.lr=0.9|schedule.type=constant",
            })
    void aRunThatWasKilledGivesTheSameBits(String all) throws IOException {
        String other =
                tiny.file("more.jsonl", "{\"input_ids\":[5,6,7,8,9]}", "{\"input_ids\":[4,3]}");
        List<String> list = new ArrayList<>(List.of(all.split("\\|")));
        list.add(STEPS);
        list.add(
                "data.train=[{path: '"
                        + tiny.path("ids.jsonl")
                        + "', format: ids, language: a}, {path: '"
                        + other
                        + "', format: ids, language: b, weight: 2}]");
        list.add("data.eval=[{path: '" + tiny.path("ids.jsonl") + "', format: ids}]");
        String[] settings = list.toArray(String[]::new);
        finish(Start.NEW, settings);
        List<String> expected = outcome();
        killAt(3, Start.OVERWRITE, settings);
        if (!all.contains("patience")) {
            killAt(5, Start.RESUME, settings);
        }
        finish(Start.RESUME, settings);
        assertEquals(expected, outcome());
    }

    @Test
    void anInterruptedRunGoesOn() throws IOException {
        finish(Start.NEW, STEPS);
        List<String> expected = outcome();
        int[] asked = {0};
        var result = run(new Killer(0), STEPS).execute(Start.OVERWRITE, () -> ++asked[0] == 3);
        assertTrue(result.interrupted());
        assertTrue(Files.exists(folder.resolve("out/checkpoint-3")), "saved where it stood");
        assertEquals("interrupted", json("out/run.json").get("state").stringValue());
        finish(Start.RESUME, STEPS);
        assertEquals(
                expected.stream().filter(l -> !l.contains("checkpoint-")).toList(),
                outcome().stream().filter(l -> !l.contains("checkpoint-")).toList());
        JsonNode end = json("out/run.json");
        assertEquals("complete", end.get("state").stringValue());
        assertTrue(end.get("energy").get("kwh").doubleValue() > 0);
        assertFalse(end.get("energy").get("explanation").stringValue().isBlank());
    }

    private JsonNode json(String name) {
        return JsonMapper.shared().readTree(tiny.read(name));
    }

    @Test
    void theLatestFewAndTheBestCheckpointsStay() throws IOException {
        // What it learns is not what it is measured on: the first evaluation is the best.
        String other = tiny.file("other.jsonl", "{\"input_ids\":[9,8,7,6,5,4,3]}");
        String eval = "data.eval=[{path: '" + other + "', format: ids}]";
        finish(
                Start.NEW,
                "steps=12",
                "checkpoint.keep=1",
                eval,
                "evaluate.early_stopping_patience=3",
                "schedule={type: constant}",
                "optimizer={lr: 0.1}");
        List<String> kept = names("checkpoint-");
        int best = json("out/run.json").get("best_evaluation").get("step").intValue();
        assertEquals(2, kept.size(), () -> tiny.read("out/metrics.jsonl"));
        assertTrue(kept.contains("checkpoint-" + best), kept.toString());
        byte[] adapter = bytes("out/adapter/adapter_model.safetensors");
        assertArrayEquals(
                bytes("out/checkpoint-" + best + "/adapter/adapter_model.safetensors"), adapter);
        Cli.ok(
                "score",
                "--model",
                tiny.base().toString(),
                "--adapter",
                tiny.path("out/checkpoint-" + best + "/adapter"),
                "--input",
                tiny.path("ids.jsonl"),
                "--output",
                tiny.path("scores.jsonl"));
    }

    private byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name));
    }

    private List<String> names(String prefix) throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("out"))) {
            return all.map(p -> p.getFileName().toString())
                    .filter(n -> n.startsWith(prefix))
                    .toList();
        }
    }

    @Test
    void aRunThatIsAnotherIsRefused() throws IOException {
        killAt(3, Start.NEW, STEPS);
        for (String other : List.of("seed=2", "method.rank=4", "batch.sequences=3")) {
            String line =
                    Cli.refusal(
                            "train",
                            "--config",
                            tiny.run(),
                            "--set",
                            STEPS,
                            "--set",
                            other,
                            "--resume");
            assertTrue(line.contains("--resume: " + other.replaceAll("[.=].*", "") + " was"), line);
        }
        List<String> before = tiny.listing();
        String line = Cli.refusal("train", "--config", tiny.run(), "--set", STEPS);
        assertTrue(line.contains("--resume to go on"), line);
        String lines = tiny.read("ids.jsonl");
        String run = tiny.run();
        tiny.file("ids.jsonl", lines.strip() + " ");
        line = Cli.refusal("train", "--config", run, "--set", STEPS, "--resume");
        assertTrue(line.contains("ids.jsonl is not the file that the run began with"), line);
        tiny.bytes("ids.jsonl", lines.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(before, tiny.listing());
    }

    @Test
    void twoRunsDoNotShareAFolder() {
        var first =
                run(
                        new TrainingRun.Listener() {
                            @Override
                            public void step(Metrics.Step s, int total) {
                                if (s.step() == 2) {
                                    String line =
                                            Cli.refusal(
                                                    "train", "--config", tiny.run(), "--overwrite");
                                    assertTrue(line.contains("by another run"), line);
                                }
                            }
                        },
                        "steps=2");
        assertEquals(2, first.execute(Start.NEW, () -> false).steps().size());
    }

    @Test
    void aLossThatIsNoNumberStopsTheRunAndNamesTheBatch() throws IOException {
        int[] asked = {0};
        run(new Killer(0), STEPS).execute(Start.NEW, () -> ++asked[0] == 2);
        Path trained = folder.resolve("out/checkpoint-2/trained.safetensors");
        byte[] bytes = Files.readAllBytes(trained);
        for (int i = bytes.length - 64; i < bytes.length; i++) {
            bytes[i] = -1; // NaN
        }
        Files.write(trained, bytes);
        Cli cli = Cli.run("train", "--config", tiny.run(), "--set", STEPS, "--resume");
        assertEquals(1, cli.exit(), cli.err());
        String line = cli.err().lines().toList().getLast();
        assertTrue(line.contains("step 3: the loss is NaN in the batch of "), line);
        assertTrue(line.contains("ids.jsonl, example "), line);
        assertTrue(line.contains("checkpoint-2 is whole"), line);
    }
}
