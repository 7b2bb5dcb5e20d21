package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a run with evaluation, two languages and packing tells, and where. */
class RunOutputTest {
    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
    }

    private static String pair(String language, String src, String tgt) {
        return "{\"src_lang\":\"eng\",\"tgt_lang\":\"%s\",\"src\":\"%s\",\"tgt\":\"%s\"}"
                .formatted(language, src, tgt);
    }

    private String run() {
        tiny.file(
                "swa.jsonl",
                pair("swa", "the children", "watoto"),
                pair("swa", "the teacher", "mwalimu"));
        tiny.file("yor.jsonl", pair("yor", "a book", "iwe"));
        tiny.file("dev.jsonl", pair("swa", "the teacher", "mwalimu"), pair("yor", "books", "awon"));
        return tiny.file(
                "RUN.yaml",
                """
                model: {path: '%1$s/base'}
                method: {type: lora, rank: 2}
                data:
                  train:
                    - {path: '%1$s/swa.jsonl', format: translation, licence: CC-BY-4.0, consent: asked}
                    - {path: '%1$s/yor.jsonl', format: translation, weight: 3}
                  eval: [{path: '%1$s/dev.jsonl', format: translation}]
                  packing: true
                  sampling_temperature: 1
                  max_length: 48
                steps: 2
                batch: {sequences: 2}
                evaluate: {every: 2, metrics: [loss, bits_per_byte, chrf], max_new_tokens: 4}
                energy: {watts: 50, grid_gco2_per_kwh: 100}
                output: '%1$s/out'
                """
                        .formatted(folder));
    }

    @Test
    void everythingIsToldWhereItIsLookedFor() throws IOException {
        Cli cli = Cli.ok("train", "--config", run());
        assertTrue(cli.err().contains("of 2 evaluation lines 1 stand in training"), cli.err());
        assertTrue(cli.err().contains("step 0: evaluation loss"), cli.err());
        List<JsonNode> lines = tiny.json("out/metrics.jsonl");
        JsonNode mix = lines.get(2).get("mix");
        assertEquals(2.0 / 5, mix.get(0).get("asked").doubleValue(), 1e-12, "2 of one, 3 x 1");
        double shares =
                mix.get(0).get("share").doubleValue() + mix.get(1).get("share").doubleValue();
        assertEquals(1, shares, 1e-12);
        JsonNode eval = lines.get(3).get("eval");
        assertTrue(eval.get("languages").get("yor").get("loss").doubleValue() > 0);
        assertTrue(eval.get("bits_per_byte").doubleValue() > 0 && eval.get("chrf").isNumber());
        assertEquals(
                "the teacher",
                eval.get("samples").get(0).get("prompt").stringValue().substring(5, 16));
        JsonNode json = JsonMapper.shared().readTree(tiny.read("out/run.json"));
        assertTrue(json.get("before").get("loss").doubleValue() > 0);
        double kwh = json.get("energy").get("kwh").doubleValue();
        assertEquals(100 * kwh, json.get("energy").get("co2_g").doubleValue(), 1e-12);
        assertFalse(json.get("energy").get("measured").booleanValue());
        String report = tiny.read("out/report.html");
        for (String word :
                List.of("mwalimu", "CC-BY-4.0", "yor", "kept for backward", "electricity")) {
            assertTrue(report.contains(word), word);
        }
        assertFalse(report.contains("<script") || report.contains("src=\"http"));
        String card = tiny.read("out/adapter/README.md");
        assertTrue(card.startsWith("---\n") && card.contains("library_name: \"peft\""), card);
        assertTrue(card.contains("asked") && card.contains("swa"), card);
        assertTrue(card.contains("lora, rank 2, alpha 32"), card);
        assertTrue(card.contains("--prompt 'eng: Good morning.\nswa:'"), card);
        assertFalse(card.contains("teacher"), "no text of the data");
        try (Stream<Path> events = Files.list(folder.resolve("out/tensorboard"))) {
            assertEquals(1, events.count());
        }
    }

    @Test
    void aStepThatCannotFitIsRefusedWithWhatWould() {
        String run = tiny.run();
        System.setProperty("lugha.memory.limit", "200000");
        try {
            String line = Cli.refusal("train", "--config", run);
            assertTrue(line.contains("memory: a step needs"), line);
            assertTrue(line.contains("batch: {sequences: 1, accumulate: 4} needs"), line);
            assertFalse(Files.exists(folder.resolve("out")), "nothing was begun");
        } finally {
            System.clearProperty("lugha.memory.limit");
        }
    }
}
