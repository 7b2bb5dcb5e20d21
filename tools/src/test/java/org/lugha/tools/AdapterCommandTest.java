package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdapterCommandTest {
    private Path folder;
    private Tiny tiny;
    private String dylora;
    private String lora;
    private String other;

    @BeforeAll
    void adapters(@TempDir Path all) {
        folder = all;
        tiny = Tiny.in(folder);
        dylora = train("dylora", "method={type: dylora, rank: 4, alpha: 8, targets: all-linear}");
        lora = train("lora", "method={type: lora, rank: 3, alpha: 6, targets: [q_proj, up_proj]}");
        other = train("other", "method={type: lora, rank: 3, rslora: true, targets: [q_proj]}");
    }

    private String train(String name, String method) {
        Cli.ok(
                "train",
                "--config",
                tiny.run(),
                "--set",
                method,
                "--set",
                "optimizer.lr=0.1",
                "--set",
                "output='" + tiny.path(name) + "'");
        return folder.resolve(name).resolve("adapter").toString();
    }

    private static JsonNode json(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--json");
        return JsonMapper.shared().readTree(Cli.ok(all.toArray(String[]::new)).out());
    }

    private double loss(String model, String adapter) {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "score",
                                "--model",
                                model,
                                "--input",
                                tiny.path("ids.jsonl"),
                                "--output",
                                tiny.path("scores.jsonl")));
        if (adapter != null) {
            args.addAll(List.of("--adapter", adapter));
        }
        Cli.ok(args.toArray(String[]::new));
        double nll = 0;
        long counted = 0;
        for (JsonNode line : tiny.json("scores.jsonl")) {
            nll += line.get("nll").doubleValue();
            counted += line.get("counted_tokens").longValue();
        }
        return nll / counted;
    }

    private String base() {
        return tiny.base().toString();
    }

    @Test
    void ranksAreMeasuredAndCutToPlainAdapters() {
        JsonNode all =
                json(
                        "adapter",
                        "ranks",
                        "--model",
                        base(),
                        "--adapter",
                        dylora,
                        "--input",
                        tiny.path("ids.jsonl"),
                        "--rank",
                        "2",
                        "--output",
                        tiny.path("cut"));
        assertEquals(4, all.get("ranks").size());
        assertEquals(
                loss(base(), tiny.path("cut")),
                all.get("ranks").get(1).get("loss").doubleValue(),
                1e-5);
        assertEquals(loss(base(), dylora), all.get("ranks").get(3).get("loss").doubleValue(), 1e-5);
        JsonNode cut = json("adapter", "info", "--adapter", tiny.path("cut"));
        assertEquals("lora", cut.get("method").stringValue());
        assertEquals(2, cut.get("r").intValue());
        assertEquals(
                cut.get("parameters").longValue(),
                all.get("ranks").get(1).get("parameters").longValue());
        assertTrue(Files.exists(folder.resolve("cut").resolve("tokenizer.json")));
    }

    @Test
    void anyLoraIsApproximatedByItsSingularValues() {
        String[] ask = {
            "adapter",
            "ranks",
            "--model",
            base(),
            "--adapter",
            lora,
            "--input",
            tiny.path("ids.jsonl"),
            "--svd",
            "--rank",
            "3",
            "--output",
            tiny.path("same")
        };
        JsonNode all = json(ask);
        double whole = loss(base(), lora);
        assertEquals(whole, all.get("ranks").get(2).get("loss").doubleValue(), 1e-4);
        assertEquals(whole, loss(base(), tiny.path("same")), 1e-4);
    }

    @Test
    void mergingKeepsWhatTheAdaptersDo() throws IOException {
        JsonNode told =
                json(
                        "adapter",
                        "merge",
                        "--model",
                        base(),
                        "--adapter",
                        lora,
                        "--output",
                        tiny.path("merged"),
                        "--input",
                        tiny.path("ids.jsonl"));
        assertEquals(told.get("loss_before").doubleValue(), told.get("loss").doubleValue(), 1e-4);
        assertEquals(loss(base(), lora), loss(tiny.path("merged"), null), 1e-4);
        assertArrayEquals(
                Files.readAllBytes(tiny.base().resolve("tokenizer.json")),
                Files.readAllBytes(folder.resolve("merged").resolve("tokenizer.json")));
        assertFalse(Files.exists(folder.resolve("merged").resolve("adapter_config.json")));
    }

    /** The exact sum, merged or as one adapter; and back at the base where the weights cancel. */
    @Test
    void weightedSumsAreTheSameEitherWay() {
        merge("both", lora, other, "0.5,-2");
        Cli.ok(
                "adapter",
                "merge",
                "--adapter",
                lora,
                "--adapter",
                other,
                "--weights",
                "0.5,-2",
                "--into-adapter",
                "cat",
                "--output",
                tiny.path("cat"));
        assertEquals(loss(tiny.path("both"), null), loss(base(), tiny.path("cat")), 1e-4);
        assertEquals(6, json("adapter", "info", "--adapter", tiny.path("cat")).get("r").intValue());
        merge("none", lora, lora, "1.5,-1.5");
        assertEquals(loss(base(), null), loss(tiny.path("none"), null), 1e-4);
        Cli.ok(
                "adapter",
                "merge",
                "--adapter",
                lora,
                "--weights",
                "0.5",
                "--into-adapter",
                "linear",
                "--output",
                tiny.path("half"));
        merge("halved", lora, lora, "0.25,0.25");
        assertEquals(loss(tiny.path("halved"), null), loss(base(), tiny.path("half")), 1e-4);
    }

    private void merge(String output, String one, String two, String weights) {
        Cli.ok(
                "adapter",
                "merge",
                "--model",
                base(),
                "--adapter",
                one,
                "--adapter",
                two,
                "--weights",
                weights,
                "--output",
                tiny.path(output));
    }

    @Test
    void aQuantisedBaseIsWidenedAndMerged() {
        Cli.ok("model", "quantize", "--model", base(), "--output", tiny.path("few"));
        String[] ask = {
            "adapter",
            "merge",
            "--model",
            tiny.path("few"),
            "--adapter",
            lora,
            "--output",
            tiny.path("widened"),
            "--input",
            tiny.path("ids.jsonl")
        };
        JsonNode told = json(ask);
        double moved = told.get("loss").doubleValue() - told.get("loss_before").doubleValue();
        assertEquals(0, moved, 1e-3);
        assertFalse(tiny.read("widened/config.json").contains("quantization_config"));
        assertEquals(loss(tiny.path("few"), lora), told.get("loss_before").doubleValue(), 1e-5);
    }

    @Test
    void infoTellsNormsAndIntruders() {
        JsonNode o = json("adapter", "info", "--adapter", lora, "--model", base(), "--top", "4");
        assertEquals(2, o.get("layers").size());
        JsonNode layer = o.get("layers").get(0);
        assertTrue(layer.get("norm_update").doubleValue() > 0);
        assertTrue(
                layer.get("spectral_norm").doubleValue()
                        <= layer.get("norm_update").doubleValue() * (1 + 1e-9));
        assertTrue(layer.get("singular_values").intValue() <= 3);
        assertEquals(8, o.get("intruders").get("looked_at").intValue());
        String text = Cli.ok("adapter", "info", "--adapter", lora, "--model", base()).out();
        assertTrue(text.contains("intruder dimensions: "), text);
        assertTrue(text.contains("model.layers.0.mlp.up_proj"), text);
    }

    @Test
    void whatIsWrongIsOneLineAndLeavesNothing() throws IOException {
        Path strange = Files.createDirectory(folder.resolve("strange"));
        Files.writeString(
                strange.resolve("adapter_config.json"),
                "{\"peft_type\": \"POLY\", \"target_modules\": [\"q_proj\"]}");
        String input = tiny.path("ids.jsonl");
        String out = tiny.path("new");
        List<String> before = tiny.listing();
        String[][] wrong = {
            {"ranks", "--model", base(), "--adapter", lora, "--input", input},
            {"ranks", "--adapter", dylora, "--rank", "5", "--output", out},
            {"ranks", "--adapter", dylora, "--rank", "2"},
            {"ranks", "--adapter", dylora, "--rank", "2", "--output", base()},
            {"ranks", "--adapter", base(), "--rank", "2", "--output", out},
            {"info", "--adapter", strange.toString()},
            {"merge", "--adapter", lora, "--output", out},
            {"merge", "--model", base(), "--adapter", lora, "--output", base()},
            {"merge", "--model", base(), "--adapter", lora, "--weights", "1,2", "--output", out},
            {
                "merge",
                "--adapter",
                lora,
                "--adapter",
                dylora,
                "--into-adapter",
                "linear",
                "--output",
                out
            },
            {"merge", "--model", base(), "--adapter", tiny.path("none"), "--output", out},
        };
        String[] expected = {
            "method.type: dylora",
            "--rank: must be from 1 to 4",
            "--rank and --output",
            "is there already",
            "adapter_config.json",
            "POLY",
            "--model is missing",
            "is there already",
            "one for each of the 1 adapters",
            "linear needs 3 everywhere",
            "adapter_config.json",
        };
        for (int i = 0; i < wrong.length; i++) {
            List<String> args = new ArrayList<>(List.of("adapter"));
            args.addAll(List.of(wrong[i]));
            String line = Cli.refusal(args.toArray(String[]::new));
            assertTrue(line.contains(expected[i]), line);
        }
        String ranks = "method={type: lora, rank: 17}";
        String line =
                Cli.refusal(
                        "train",
                        "--config",
                        tiny.run(),
                        "--set",
                        ranks,
                        "--set",
                        "output='" + out + "'");
        assertTrue(line.contains("v_proj [8, 16]"), line);
        assertEquals(before, tiny.listing());
    }
}
