package org.lugha.models;

import java.nio.file.Path;
import org.lugha.models.checkpoint.SharedData;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Devices;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Small models for tests. */
public final class TinyModels {
    private static final String LLAMA =
            """
            {"model_type": "llama", "vocab_size": 31, "hidden_size": 8, "intermediate_size": 12,
             "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
             "max_position_embeddings": 32, "initializer_range": 0.3, "eos_token_id": 2}
            """;

    private TinyModels() {}

    public static Device device() {
        return Devices.get("reference");
    }

    /** A configuration with some keys changed or, by null, taken away. */
    public static ConfigJson config(Object... keysAndValues) {
        ObjectNode j = (ObjectNode) JsonMapper.shared().readTree(LLAMA);
        for (int i = 0; i < keysAndValues.length; i += 2) {
            String key = (String) keysAndValues[i];
            if (keysAndValues[i + 1] == null) {
                j.remove(key);
            } else {
                j.set(key, JsonMapper.shared().valueToTree(keysAndValues[i + 1]));
            }
        }
        return new ConfigJson("tiny/config.json", j);
    }

    /** Random weights. */
    public static CausalLM llama(Object... keysAndValues) {
        CausalLM model = CausalLM.declare(config(keysAndValues));
        model.initialize(device(), DType.F32, 5);
        return model;
    }

    /** A committed checkpoint. */
    public static Path folder(String golden) {
        return SharedData.beside(TinyModels.class, "golden/" + golden);
    }
}
