package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ModelCommandTest {
    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
    }

    private String config() {
        return tiny.base().resolve("config.json").toString();
    }

    private static JsonNode info(String model, String... more) {
        String[] args = {"model", "info", "--json", "--model", model};
        String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return JsonMapper.shared().readTree(Cli.ok(all).out());
    }

    @Test
    void partsAddUpAndTypesAreTheFiles() {
        JsonNode o = info(tiny.base().toString());
        long sum = 0;
        for (JsonNode n : o.get("parts")) {
            sum += n.longValue();
        }
        assertEquals(o.get("parameters").longValue(), sum);
        assertEquals(2L * 280 * 16 + 768 + 3 * 16 * 24 + 3 * 16, sum);
        assertEquals(sum, o.get("types").get("f32").longValue());
        assertFalse(o.get("tied").booleanValue());
    }

    @Test
    void memoryIsToldForEveryMethodAndIsLessWithRecomputation() {
        JsonNode methods = info(tiny.base().toString(), "--seq", "48").get("memory").get("methods");
        assertEquals(8, methods.size());
        for (int i = 0; i < 4; i++) {
            JsonNode plain = methods.get(i);
            assertEquals(plain.get("method"), methods.get(i + 4).get("method"));
            assertEquals(plain.get("weights"), methods.get(i + 4).get("weights"));
            assertTrue(plain.get("peak").longValue() > plain.get("weights").longValue());
        }
        assertEquals("full", methods.get(0).get("method").stringValue());
        assertEquals(methods.get(0).get("weights"), methods.get(0).get("gradients"));
        String text = Cli.ok("model", "info", "--model", config()).out();
        assertTrue(text.contains("lora bf16") && text.contains("no weights here"), text);
    }

    /** A Llama of 70 billion parameters with LoRA on queries and values: the published count. */
    @Test
    void aLargeModelIsCountedFromItsConfigurationAlone() {
        String large =
                tiny.file(
                        "large.json",
                        """
                        {"model_type": "llama", "vocab_size": 128256, "hidden_size": 8192,
                         "intermediate_size": 28672, "num_hidden_layers": 80,
                         "num_attention_heads": 64, "num_key_value_heads": 8,
                         "max_position_embeddings": 8192}
                        """);
        JsonNode o = info(large, "--targets", "q_proj,v_proj", "--rank", "64");
        assertEquals(70_553_706_496L, o.get("parameters").longValue());
        assertEquals(131_072_000, o.get("lora").get("parameters").longValue());
        assertEquals(2_048_000, o.get("lora").get("parameters_per_rank").longValue());
        String[] args = {
            "model",
            "info",
            "--config",
            large,
            "--method",
            "lora",
            "--rank",
            "64",
            "--targets",
            "q_proj,v_proj"
        };
        String text = Cli.ok(args).out();
        assertTrue(text.contains("131,072,000 (0.19 %)"), text);
        assertFalse(text.contains("  full"), text);
    }

    @Test
    void randomWeightsAreAFunctionOfTheSeed() throws IOException {
        for (String[] one : new String[][] {{"a", "4"}, {"b", "4"}, {"c", "5"}}) {
            Cli.ok(
                    "model",
                    "init",
                    "--config",
                    config(),
                    "--output",
                    tiny.path(one[0]),
                    "--seed",
                    one[1]);
        }
        byte[] a = weights("a");
        assertArrayEquals(a, weights("b"));
        assertFalse(java.util.Arrays.equals(a, weights("c")));
        Cli.ok(
                "model",
                "init",
                "--config",
                config(),
                "--output",
                tiny.path("n"),
                "--precision",
                "bf16");
        assertEquals(
                List.of("bf16"), List.copyOf(info(tiny.path("n")).get("types").propertyNames()));
        Cli.ok("generate", "--model", tiny.path("n"), "--input", ids(), "--output", tiny.path("o"));
    }

    private byte[] weights(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name).resolve("model.safetensors"));
    }

    private String ids() {
        return tiny.file("in.jsonl", "{\"input_ids\": [5, 6]}");
    }

    @Test
    void whatIsWrongIsOneLineAndLeavesNothing() {
        String bad = tiny.file("bad.json", "{\"model_type\": \"mamba\"}");
        List<String> before = tiny.listing();
        String[][] wrong = {
            {"init", "--config", config(), "--output", tiny.base().toString()},
            {"init", "--config", bad, "--output", tiny.path("new")},
            {"init", "--config", tiny.path("none.json"), "--output", tiny.path("new")},
            {"info", "--model", bad},
            {"info", "--model", tiny.path("none")},
            {"info", "--model", config(), "--targets", "c_attn"},
            {"info", "--model", config(), "--rank", "0"},
        };
        String[] expected = {
            "is there already", "mamba", "no such file", "mamba", "no such file", "q_proj", "--rank"
        };
        for (int i = 0; i < wrong.length; i++) {
            String[] args = new String[wrong[i].length + 1];
            args[0] = "model";
            System.arraycopy(wrong[i], 0, args, 1, wrong[i].length);
            String line = Cli.refusal(args);
            assertTrue(line.contains(expected[i]), line);
            assertEquals(before, tiny.listing());
        }
        assertTrue(Cli.refusal("model").contains("info, init"));
    }
}
