package org.lugha.models.llama;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.models.TinyModels;
import org.lugha.models.layers.RopeScaling;

class LlamaConfigTest {
    private static final Map<String, Object> LLAMA3 =
            Map.of(
                    "rope_type",
                    "llama3",
                    "factor",
                    8.0,
                    "low_freq_factor",
                    1.0,
                    "high_freq_factor",
                    4.0,
                    "original_max_position_embeddings",
                    32);

    @Test
    void bothSpellingsOfRotaryPositionsMeanTheSame() {
        LlamaConfig older =
                LlamaConfig.of(
                        TinyModels.config(
                                "rope_theta",
                                500000,
                                "rope_scaling",
                                LLAMA3,
                                "eos_token_id",
                                List.of(2, 3)));
        var inside = new HashMap<>(LLAMA3);
        inside.put("rope_theta", 500000);
        LlamaConfig newer =
                LlamaConfig.of(
                        TinyModels.config(
                                "rope_parameters", inside, "eos_token_id", List.of(2, 3)));
        assertEquals(older, newer);
        assertEquals(new RopeScaling.Llama3(8, 1, 4, 32), older.rope().scaling());
        assertEquals(500000, older.rope().theta());
        assertEquals(List.of(2, 3), older.endIds());
        assertEquals(older, LlamaConfig.of(new ConfigJson("again", older.toJson())));
    }

    @Test
    void defaultsAreThoseOfTransformers() {
        LlamaConfig c =
                LlamaConfig.of(
                        TinyModels.config(
                                "num_key_value_heads",
                                null,
                                "eos_token_id",
                                null,
                                "max_position_embeddings",
                                null,
                                "initializer_range",
                                null));
        assertEquals(2, c.sizes().keyHeads());
        assertEquals(4, c.sizes().headDim());
        assertEquals(2048, c.maxPositions());
        assertEquals(10000, c.rope().theta());
        assertEquals(1e-6, c.sizes().rmsNormEps());
        assertEquals(0.02, c.sizes().initializerRange());
        assertEquals(List.of(2), c.endIds());
        assertEquals(c, LlamaConfig.of(new ConfigJson("again", c.toJson())));
        var linear = Map.of("type", "linear", "factor", 2.0);
        c = LlamaConfig.of(TinyModels.config("rope_scaling", linear));
        assertEquals(new RopeScaling.Linear(2), c.rope().scaling());
        assertEquals(c, LlamaConfig.of(new ConfigJson("again", c.toJson())));
    }

    @Test
    void whatCannotBeUsedIsNamed() {
        refused(
                "vocab_size: expected a whole number of at least 1, got \"31\"",
                "vocab_size",
                "31");
        refused(
                "hidden_act: expected silu, the only one supported, got gelu",
                "hidden_act",
                "gelu");
        refused(
                "num_key_value_heads: expected a divisor of num_attention_heads 2, got 3",
                "num_key_value_heads",
                3);
        refused(
                "tie_word_embeddings: expected true or false, got \"yes\"",
                "tie_word_embeddings",
                "yes");
        refused(
                "eos_token_id: expected an id or a list of ids, got \"</s>\"",
                "eos_token_id",
                "</s>");
        refused(
                "attention_dropout: expected a probability from 0, below 1, got 1.5",
                "attention_dropout",
                1.5);
        for (String type : List.of("dynamic", "yarn", "longrope")) {
            refused(
                    ", rope_scaling: rope_type: expected a supported one (default, linear, llama3),"
                            + " got \""
                            + type
                            + '"',
                    "rope_scaling",
                    Map.of("rope_type", type, "factor", 2.0));
        }
        refused(
                ", rope_scaling: factor: expected a number, got nothing; it is needed",
                "rope_scaling",
                Map.of("type", "linear"));
    }

    private static void refused(String why, String key, Object value) {
        var config = TinyModels.config(key, value);
        var e = assertThrows(RequestException.class, () -> LlamaConfig.of(config));
        String expected = "tiny/config.json" + (why.startsWith(",") ? "" : ": ") + why;
        assertEquals(expected, e.getMessage());
    }
}
