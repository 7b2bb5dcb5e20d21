package org.lugha.tools;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Models, tokenizers and adapters that are broken or belong to something else. */
class BadModelTest {
    @TempDir private Path folder;
    private Tiny tiny;

    @BeforeEach
    void model() {
        tiny = Tiny.in(folder);
    }

    @Test
    void textNeedsATokenizerOfTheModel() throws IOException {
        tiny.file("a.txt", "watoto");
        Path tokenizer = tiny.base().resolve("tokenizer.json");
        Files.writeString(tokenizer, "{\"version\": ");
        Refused.says(Refused.trainOn(tiny, "a.txt", "text"), "tokenizer.json");
        Files.delete(tokenizer);
        Refused.says(Refused.trainOn(tiny, "a.txt", "text"), "tokenizer.json", "there is none");
    }

    @ParameterizedTest
    @CsvSource({
        "vocab_size, 280, 'model.embed_tokens.weight F32[280, 16] (config.json asks for [32000, 16])'",
        "hidden_size, 16, 'model.norm.weight F32[16] (config.json asks for [4096])'",
        "num_hidden_layers, 1, missing: model.layers.1.self_attn.q_proj.weight",
        "model_type, \"llama\", 'model_type: expected a supported family'",
    })
    void aKeyThatIsMissingMeansItsDefault(String key, String value, String expected)
            throws IOException {
        Path config = tiny.base().resolve("config.json");
        String json = Files.readString(config);
        Files.writeString(config, json.replaceAll("\"" + key + "\" : " + value + ",?", ""));
        Refused.says(Refused.train(tiny), tiny.base().toString(), expected);
    }

    @Test
    void configurationsThatAreBroken() throws IOException {
        Path config = tiny.base().resolve("config.json");
        String json = Files.readString(config);
        Files.writeString(config, json.substring(0, json.length() / 2));
        Refused.says(Refused.train(tiny), config.toString(), "expected JSON");
        Files.writeString(config, json.replace("\"hidden_size\" : 16", "\"hidden_size\" : \"x\""));
        Refused.says(
                Refused.train(tiny),
                "hidden_size: expected a whole number of at least 1, got \"x\"");
        Files.writeString(config, json.replace("\"vocab_size\" : 280", "\"vocab_size\" : 281"));
        Refused.says(Refused.train(tiny), "of another shape", "embed_tokens");
        Files.delete(config);
        Refused.says(Refused.train(tiny), config.toString(), "no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "xlm-roberta", "mt5", "falcon"})
    void familiesOfLaterVersionsAreRefusedByName(String family) throws IOException {
        Path config = tiny.base().resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("llama", family));
        Refused.says(Refused.train(tiny), "model_type", "(bloom, gemma, ", '"' + family + '"');
    }

    @ParameterizedTest
    @CsvSource({
        "num_hidden_layers, 1000000000, at most 1000",
        "num_hidden_layers, 1001, at most 1000",
        "intermediate_size, 2147483647, tensors do not fit",
        "hidden_size, 1000000000000, whole number",
        "rms_norm_eps, -1, at least 0",
        "rms_norm_eps, [[[[1]]]], a number",
    })
    void sizesThatCannotBe(String key, String value, String expected) throws IOException {
        Path config = tiny.base().resolve("config.json");
        String json = Files.readString(config);
        String other = json.replaceAll("\"" + key + "\" : [^,\n}]+", "\"" + key + "\" : " + value);
        assertNotEquals(json, other);
        Files.writeString(config, other);
        Refused.says(Refused.train(tiny), expected);
    }

    @Test
    void sizesWhoseProductsCannotBe() throws IOException {
        String sizes =
                "{\"model_type\": \"llama\", \"hidden_size\": N, \"vocab_size\": N,"
                        + " \"intermediate_size\": N, \"num_attention_heads\": 1}";
        Path config = folder.resolve("huge.json");
        Files.writeString(config, sizes.replace("N", "2147483646"));
        String out = folder.resolve("huge").toString();
        String[] info = {"model", "info", "--model", config.toString()};
        Refused.says(Cli.refusal(info), "sizes that can be");
        String[] init = {"model", "init", "--config", config.toString(), "--output", out};
        Refused.says(Cli.refusal(init), "sizes that can be");
        assertFalse(Files.exists(Path.of(out)));
    }

    @Test
    void weightsThatAreMissingOrCut() throws IOException {
        Path weights = tiny.base().resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(weights);
        for (int length : new int[] {0, 5, 100, whole.length - 1}) {
            Files.write(weights, Arrays.copyOf(whole, length));
            Refused.says(Refused.train(tiny), weights.toString());
        }
        Files.delete(weights);
        Refused.says(Refused.train(tiny), tiny.base().toString(), "model.safetensors");
        Files.writeString(tiny.base().resolve("pytorch_model.bin"), "x");
        Refused.says(Refused.train(tiny), "pytorch_model.bin");
    }

    @Test
    void adaptersThatAreBrokenOrOfAnotherModel() throws IOException {
        Cli.ok("train", "--config", tiny.run());
        Files.move(folder.resolve("out"), folder.resolve("first"));
        Path adapter = folder.resolve("first/adapter");
        String init = "method={init_adapter: '" + adapter + "'}";
        Path config = adapter.resolve("adapter_config.json");
        String json = Files.readString(config);
        Files.writeString(config, json.replace("\"r\" : 2", "\"r\" : 3"));
        Refused.says(
                Refused.train(tiny, init),
                adapter.toString(),
                "mis-shaped",
                "was it trained for another");
        for (String[] bad :
                new String[][] {
                    {"\"lora_dropout\" : 0.0", "\"lora_dropout\" : 7", "a probability"},
                    {"\"r\" : 2", "\"r\" : 1000000000", "at most 65536"},
                    {
                        "\"rank_pattern\" : { }",
                        "\"rank_pattern\" : {\"((((\\\\w|\\\\.)+)+)+)+!\": 2}",
                        "to an end"
                    },
                    {
                        "\"rank_pattern\" : { }",
                        "\"rank_pattern\" : {\"" + "(".repeat(50_000) + "\": 2}",
                        "overflow"
                    },
                }) {
            assertTrue(json.contains(bad[0]), json);
            Files.writeString(config, json.replace(bad[0], bad[1]));
            Refused.says(Refused.train(tiny, init), bad[2]);
        }
        Files.writeString(config, json.replace("LORA", "LOHA"));
        Refused.says(Refused.train(tiny, init), config.toString(), "peft_type", "LOHA");
        Files.writeString(config, json.replace("\"o_proj\"", "\"out_proj\""));
        Refused.says(Refused.train(tiny, init), adapter.toString(), "unexpected", "o_proj.lora_A");
        Files.writeString(config, json);
        Path weights = adapter.resolve("adapter_model.safetensors");
        Files.write(weights, Arrays.copyOf(Files.readAllBytes(weights), 300));
        Refused.says(Refused.train(tiny, init), weights.toString());
        Files.delete(weights);
        Refused.says(Refused.train(tiny, init), adapter.toString(), "adapter_model.safetensors");
    }

    @Test
    void aVocabularySmallerThanTheTokenizers() throws IOException {
        Path tokenizer = tiny.base().resolve("tokenizer.json");
        var json = (ObjectNode) JsonMapper.shared().readTree(Files.readString(tokenizer));
        var added = (ObjectNode) json.get("added_tokens").get(0).deepCopy();
        json.withArray("added_tokens").add(added.put("id", 281).put("content", "<|new|>"));
        Files.writeString(tokenizer, json.toString());
        tiny.file("a.txt", "what", "is <|new|>?");
        Refused.says(
                Refused.trainOn(tiny, "a.txt", "text"),
                "a.txt:2: input_ids holds 281",
                "has 280 entries");
    }
}
