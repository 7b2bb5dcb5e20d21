package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code model quantize}, what works on such a folder, and {@code method.type: qlora}. */
class QuantizeTest {
    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
    }

    private double score(String model, String... more) {
        tiny.file("in.jsonl", "{\"input_ids\": [5, 6, 7, 8, 9, 10, 11, 12]}");
        List<String> args = new ArrayList<>(List.of("score", "--model", model));
        args.addAll(List.of("--input", tiny.path("in.jsonl"), "--output", tiny.path("s.jsonl")));
        args.addAll(List.of(more));
        Cli.ok(args.toArray(String[]::new));
        return tiny.json("s.jsonl").getFirst().get("loss").doubleValue();
    }

    private double firstLoss(String... settings) {
        List<String> args = new ArrayList<>(List.of("train", "--overwrite"));
        args.addAll(List.of("--config", tiny.run()));
        for (String s : settings) {
            args.addAll(List.of("--set", s));
        }
        Cli.ok(args.toArray(String[]::new));
        return tiny.json("out/metrics.jsonl").getFirst().get("loss").doubleValue();
    }

    @Test
    void aQuantisedFolderIsAModelLikeAnother() {
        double dense = score(tiny.base().toString());
        for (String[] how :
                new String[][] {
                    {"--type", "nf4"},
                    {"--type", "int8"},
                    {"--no-double-quantization", "--block-size", "32", "--precision", "bf16"}
                }) {
            String out = tiny.path("few" + String.join("", how).replace(" ", ""));
            List<String> args = new ArrayList<>(List.of("model", "quantize"));
            args.addAll(List.of("--model", tiny.base().toString(), "--output", out));
            args.addAll(List.of(how));
            Cli.ok(args.toArray(String[]::new));
            double loss = score(out);
            assertTrue(loss != dense && Math.abs(loss - dense) < 0.5, loss + " and " + dense);
            assertTrue(Files.exists(Path.of(out, "tokenizer.json")));
            Cli.ok("generate", "--model", out, "--prompt", "watoto", "--max-new-tokens", "2");
            JsonNode info =
                    JsonMapper.shared()
                            .readTree(Cli.ok("model", "info", "--json", "--model", out).out());
            assertTrue(info.get("types").has("u8"), info.toString());
            assertTrue(
                    info.get("quantization")
                            .stringValue()
                            .contains(how[1].equals("int8") ? "int8" : "nf4"));
            assertTrue(
                    Cli.ok("model", "info", "--model", out).out().contains("quantised"), "as text");
        }
    }

    @Test
    void qloraIsLoraOnWhatQuantizeWrites() {
        double onLoad = firstLoss("method={type: qlora, rank: 2, alpha: 4}");
        double everyRank = firstLoss("method={type: qdylora, rank: 2, alpha: 4}");
        assertEquals(onLoad, everyRank, "its adapter begins with no change, as LoRA's");
        double lora = firstLoss();
        assertTrue(onLoad != lora && Math.abs(onLoad - lora) < 0.5, onLoad + " and " + lora);
        JsonNode run = JsonMapper.shared().readTree(tiny.read("out/run.json"));
        assertFalse(run.get("config").get("method").has("quantization"));
        String few = tiny.path("few");
        Cli.ok("model", "quantize", "--model", tiny.base().toString(), "--output", few);
        assertEquals(onLoad, firstLoss("model.path=" + few), "lora on the folder");
        assertEquals(
                onLoad, firstLoss("model.path=" + few, "method={type: qlora, rank: 2, alpha: 4}"));
        run = JsonMapper.shared().readTree(tiny.read("out/run.json"));
        assertEquals("nf4", run.get("config").get("method").get("quantization").stringValue());
        score(few, "--adapter", tiny.path("out/adapter"));
        score(tiny.base().toString(), "--adapter", tiny.path("out/adapter"));
    }

    @Test
    void whatIsWrongIsOneLineAndLeavesNothing() {
        String few = tiny.path("few");
        Cli.ok("model", "quantize", "--model", tiny.base().toString(), "--output", few);
        String base = tiny.base().toString();
        String[][] wrong = {
            {"model", "quantize", "--model", base, "--output", few},
            {"model", "quantize", "--model", few, "--output", tiny.path("new")},
            {"model", "quantize", "--model", base, "--output", tiny.path("new"), "--type", "fp4"},
            {
                "model",
                "quantize",
                "--model",
                base,
                "--output",
                tiny.path("new"),
                "--block-size",
                "48"
            },
            {"model", "quantize", "--model", tiny.path("no"), "--output", tiny.path("new")},
            {
                "train",
                "--config",
                tiny.run(),
                "--set",
                "method={type: full}",
                "--set",
                "model.path=" + few
            },
            {
                "train",
                "--config",
                tiny.run(),
                "--set",
                "method={type: qlora, quantization: int8}",
                "--set",
                "model.path=" + few
            },
            {
                "train",
                "--config",
                tiny.run(),
                "--set",
                "method={type: qlora, quantization: int8, block_size: 64}"
            },
        };
        String[] expected = {
            "is there already",
            "is quantised already",
            "expected nf4 or int8, got 'fp4'",
            "power of two, got 48",
            "no such file",
            "cannot be trained",
            "is held in nf4, int8 was asked for",
            "one scale a row"
        };
        List<String> before = tiny.listing();
        for (int i = 0; i < wrong.length; i++) {
            String line = Cli.refusal(wrong[i]);
            assertTrue(line.contains(expected[i]), line);
            assertEquals(before, tiny.listing());
        }
    }
}
