package org.lugha.tools.demo;

import java.util.Locale;

/**
 * How large the demo is.
 *
 * @param pairs sentence pairs to adapt on
 * @param heldOut sentence pairs to measure on
 * @param sentences plain sentences a language to pre-train on
 * @param vocabulary entries of the tokenizer
 * @param hidden width of the model
 * @param layers of the model
 * @param baseSteps optimizer steps of pre-training
 * @param adapterSteps optimizer steps of the adaptation
 */
record DemoPlan(
        int pairs,
        int heldOut,
        int sentences,
        int vocabulary,
        int hidden,
        int layers,
        int baseSteps,
        int adapterSteps) {
    static final int SEQUENCES = 32;
    static final int RANK = 32;
    static final double BASE_LR = 3e-3;
    static final double ADAPTER_LR = 3e-3;
    static final long SEED = 1;
    private static final int HEAD_DIM = 32;

    /** The whole demo. */
    static DemoPlan full() {
        return new DemoPlan(20_000, 200, 16_000, 1200, 192, 4, 600, 1200);
    }

    /**
     * The same road in seconds: too short to learn the language, long enough to see that it goes.
     */
    static DemoPlan quick() {
        return new DemoPlan(1200, 40, 1200, 600, 96, 2, 60, 80);
    }

    /** config.json of the base model: Llama-style, input and output embeddings tied. */
    String config(int vocabularySize, int eos) {
        return String.format(
                Locale.ROOT,
                """
                {
                  "architectures": ["LlamaForCausalLM"],
                  "model_type": "llama",
                  "vocab_size": %d,
                  "hidden_size": %d,
                  "intermediate_size": %d,
                  "num_hidden_layers": %d,
                  "num_attention_heads": %d,
                  "num_key_value_heads": %d,
                  "max_position_embeddings": 256,
                  "rms_norm_eps": 1e-6,
                  "rope_theta": 10000.0,
                  "hidden_act": "silu",
                  "initializer_range": 0.05,
                  "tie_word_embeddings": true,
                  "bos_token_id": null,
                  "eos_token_id": %d
                }
                """,
                vocabularySize,
                hidden,
                hidden * 8 / 3,
                layers,
                hidden / HEAD_DIM,
                hidden / HEAD_DIM,
                eos);
    }
}
