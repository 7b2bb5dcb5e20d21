package org.lugha.models.measure;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.ConfigJson;
import org.lugha.models.RequestException;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Named shapes that benchmarks run: a model's configuration and the batch that it is trained with.
 */
public enum BenchmarkShape {
    /** A 58M Llama: what one trains from scratch on a laptop. */
    SMALL(
            "small",
            """
            {"model_type": "llama", "vocab_size": 32000, "hidden_size": 512,
             "intermediate_size": 1408, "num_hidden_layers": 8, "num_attention_heads": 8,
             "num_key_value_heads": 8, "max_position_embeddings": 1024,
             "rms_norm_eps": 1e-6, "tie_word_embeddings": false}\
            """,
            4,
            256),

    /** Qwen 2.5 0.5B: what one adapts on a server without a GPU. */
    QWEN(
            "qwen0.5b",
            """
            {"model_type": "qwen2", "vocab_size": 151936, "hidden_size": 896,
             "intermediate_size": 4864, "num_hidden_layers": 24, "num_attention_heads": 14,
             "num_key_value_heads": 2, "max_position_embeddings": 1024,
             "rms_norm_eps": 1e-6, "tie_word_embeddings": true}\
            """,
            2,
            256),

    /** GPT-2 small with its dropout, 124M: all of it trained is a common yardstick. */
    GPT2(
            "gpt2",
            """
            {"model_type": "gpt2", "vocab_size": 50257, "n_positions": 1024, "n_embd": 768,
             "n_layer": 12, "n_head": 12}\
            """,
            4,
            256);

    /** A prime, so that no two rows of a weight are alike. */
    private static final int DRAWN = 1_000_003;

    private final String spelled;
    private final String config;
    private final int batch;
    private final int length;

    BenchmarkShape(String spelled, String config, int batch, int length) {
        this.spelled = spelled;
        this.config = config;
        this.batch = batch;
        this.length = length;
    }

    /**
     * By the name of the command line, for example {@code small}.
     *
     * @throws RequestException naming those there are
     */
    public static BenchmarkShape of(String name) {
        return Arrays.stream(values())
                .filter(s -> s.spelled.equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new RequestException(
                                "--shape must be one of "
                                        + Arrays.stream(values())
                                                .map(s -> s.spelled)
                                                .collect(Collectors.joining(", "))
                                        + ", got '"
                                        + name
                                        + "'"));
    }

    /** Rows that it is trained with where nothing else is said. */
    int batch() {
        return batch;
    }

    /** Tokens of such a row. */
    int length() {
        return length;
    }

    /** Its modules, without values. */
    CausalLM declare() {
        return CausalLM.declare(
                new ConfigJson(
                        "shape " + spelled, (ObjectNode) JsonMapper.shared().readTree(config)));
    }

    /**
     * Its modules with random weights, which repeat after {@link #DRAWN} numbers: to draw half a
     * billion of them would take longer than what is timed.
     */
    CausalLM open(Device device, DType dtype) {
        CausalLM model = declare();
        float[] drawn = new float[DRAWN];
        for (int i = 0; i < DRAWN; i++) {
            drawn[i] = (float) (0.02 * Philox.normal(0, i));
        }
        long ordinal = 0;
        for (Parameter p : model.named().values()) {
            if (p.shape().rank() > 1) {
                long shift = 7919 * ordinal++;
                try (var _ = Scope.open("random weights")) {
                    p.bind(
                            Tensor.generate(
                                    device,
                                    dtype,
                                    p.shape(),
                                    i -> drawn[(int) ((i + shift) % DRAWN)]));
                }
            }
        }
        model.initialize(device, dtype, 0); // norms and biases
        return model;
    }
}
