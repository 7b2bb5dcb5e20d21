package org.lugha.models.decoder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lugha.autograd.Tape;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.ModelConfig;
import org.lugha.models.ModelFamily;
import org.lugha.models.RequestException;
import org.lugha.models.TinyModels;
import org.lugha.models.Tokens;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What configurations mean, by transformers' own reading, and which ones are refused. */
class DecoderConfigTest {
    /** Pairs that {@code src/test/golden/configs.py} wrote. */
    static Stream<JsonNode> pairs() throws IOException {
        String text = Files.readString(TinyModels.folder("configs.json"));
        return JsonMapper.shared().readTree(text).values().stream();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void keysLeftOutMeanWhatTransformersMakesOfThem(JsonNode pair) {
        ModelConfig given = read(pair.get("given"));
        assertEquals(read(pair.get("whole")), given);
        assertEquals(given, read(given.toJson()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "gemma2 | 'sliding_window': null | sliding_window: expected the window of the"
                        + " sliding layers, got none",
                "gemma3_text | 'sliding_window': 0 | sliding_window: expected a whole number of at"
                        + " least 1, got 0",
                "gemma3_text | 'use_bidirectional_attention': true | use_bidirectional_attention:"
                        + " expected a causal model, the only kind supported, got true",
                "qwen3 | 'is_causal': false | is_causal: expected a causal model, the only kind"
                        + " supported, got false",
                "gemma | 'hidden_act': 'relu' | hidden_act: expected gelu_pytorch_tanh, the only"
                        + " one supported, got relu",
                "gemma2 | 'hidden_activation': 'gelu' | hidden_activation: expected"
                        + " gelu_pytorch_tanh, the only one supported, got gelu",
                "qwen2 | 'num_hidden_layers': 2, 'layer_types': ['full_attention'] | layer_types:"
                        + " expected as many as num_hidden_layers 2, got 1 of them",
                "qwen2 | 'num_hidden_layers': 1, 'layer_types': ['chunked_attention'] |"
                        + " layer_types: expected full_attention and sliding_attention, got"
                        + " \"chunked_attention\"",
                "qwen2 | 'num_hidden_layers': 1, 'layer_types': ['sliding_attention'] |"
                        + " sliding_window: expected the window of the sliding layers, got none",
                "mistral | 'layer_types': ['full_attention'] | layer_types: expected one kind of"
                        + " layers, as Mistral has, got a list",
                "gemma2 | 'attn_logit_softcapping': 0 | attn_logit_softcapping: expected a number"
                        + " above 0, or null for none, got 0.0",
                "gemma2 | 'query_pre_attn_scalar': -1 | query_pre_attn_scalar: expected a number"
                        + " above 0, got -1.0",
                "qwen3 | 'head_dim': 5 | head_dim: expected heads of an even width"
                        + " (num_attention_heads 32), got 5",
                "llama | 'rope_theta': 0 | rope_theta: expected a number above 0, got 0.0",
                "gemma3_text | 'rope_parameters': {'rope_type': 'default'} | rope_parameters:"
                        + " expected one set for full_attention and one for sliding_attention, got a"
                        + " single one",
                "gemma3_text | 'rope_scaling': {'rope_type': 'yarn'} | , rope_parameters:"
                        + " rope_type: expected a supported one (default, linear, llama3), got"
                        + " \"yarn\"",
                "qwen2 | 'rope_parameters': {'full_attention': {}} | , rope_parameters:"
                        + " full_attention: expected one set for all layers, got one for some of them",
                "gemma3 | 'text_config': {} | model_type: expected a supported family"
            })
    void whatIsNotSupportedIsRefusedByName(String type, String option, String message) {
        String json = "{'model_type': '%s', %s}".formatted(type, option).replace('\'', '"');
        JsonNode config = JsonMapper.shared().readTree(json);
        String start = "x/config.json" + (message.startsWith(",") ? "" : ": ") + message;
        String said = assertThrows(RequestException.class, () -> read(config)).getMessage();
        assertTrue(said.startsWith(start), said);
    }

    @Test
    void attentionDropsInTrainingOnly() {
        int[][] ids = {{4, 5, 6, 7, 8, 9}};
        Tokens tokens = Tokens.rows(ids);
        try (CausalLM model = TinyModels.llama("attention_dropout", 0.5);
                var _ = Tape.open()) {
            double kept = model.loss(tokens, ids, 1, false, 0).item();
            assertEquals(kept, model.loss(tokens, ids, 1, false, 1).item());
            double dropped = model.loss(tokens, ids, 1, true, 1).item();
            assertNotEquals(kept, dropped);
            assertEquals(dropped, model.loss(tokens, ids, 1, true, 1).item());
            assertNotEquals(dropped, model.loss(tokens, ids, 1, true, 2).item());
            assertEquals(1, model.config().trainingNotes().size());
        }
    }

    private static ModelConfig read(JsonNode json) {
        var config = new ConfigJson("x/config.json", (ObjectNode) json);
        return ModelFamily.of(config).declare(config).config();
    }
}
