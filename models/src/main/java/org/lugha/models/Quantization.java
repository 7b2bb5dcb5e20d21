package org.lugha.models;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lugha.nn.Linear;
import org.lugha.runtime.Codebook;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a frozen base is held in few bits: the weights of its linear layers. The output layer,
 * embeddings, norms and biases stay as they are, as transformers leaves them.
 *
 * @param blockSize elements that share one absmax; of {@link Type#INT8} it is the row
 * @param nested whether NF4's absmax are quantised once more, 256 together
 * @param keep further linear layers that stay as they are: the ends of their paths, such as {@code
 *     o_proj} or {@code layers.0.mlp.down_proj}
 */
public record Quantization(Type type, int blockSize, boolean nested, List<String> keep) {
    /** Elements of a block, unless another number is asked for. */
    public static final int BLOCK = 64;

    /** Numbers of one absmax that are quantised together. */
    static final int NESTED = 256;

    /** What a weight is held in. */
    public enum Type {
        /** Four bits: {@link Quantized.Nf4}. */
        NF4,
        /** Eight bits: {@link Quantized.Int8}. */
        INT8;

        /** By its name on the command line and in files. */
        public static Type of(String what, String name) {
            for (Type t : values()) {
                if (t.word().equals(name)) {
                    return t;
                }
            }
            throw new RequestException(what + ": expected nf4 or int8, got '" + name + "'");
        }

        /** {@code nf4} or {@code int8}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Quantization {
        if (blockSize < 16 || Integer.bitCount(blockSize) != 1) {
            throw new RequestException(
                    "quantisation: expected a block of 16, 32, 64 or a higher power of two, got "
                            + blockSize);
        }
        keep = List.copyOf(keep);
    }

    /** NF4 in blocks of 64 with double quantisation: QLoRA's. */
    public static Quantization nf4() {
        return new Quantization(Type.NF4, BLOCK, true, List.of());
    }

    /** One byte an element, one scale a row. */
    public static Quantization int8() {
        return new Quantization(Type.INT8, BLOCK, false, List.of());
    }

    /** The same weight in few bits, owned by the innermost open scope. */
    public Quantized of(Tensor w) {
        return switch (type) {
            case INT8 -> Quantized.int8(w);
            case NF4 -> nested ? Quantized.nf4(w, blockSize, NESTED) : Quantized.nf4(w, blockSize);
        };
    }

    /** Of a layer's weight as it lies there or would: {@code [in, out]} is turned first. */
    public Quantized of(Linear l, Tensor w) {
        return of(l.isInOut() ? w.transpose(0, 1).contiguous() : w);
    }

    /** Whether this layer of the model is held in few bits. */
    public boolean covers(CausalLM model, String path, Linear l) {
        return l != model.parts().head()
                && keep.stream().noneMatch(k -> path.equals(k) || path.endsWith("." + k));
    }

    // ---- config.json

    /** {@code quantization_config} of a configuration, if there is one. */
    public static Optional<Quantization> of(ConfigJson config) {
        return config.object("quantization_config").map(Quantization::read);
    }

    private static Quantization read(ConfigJson q) {
        String method = q.text("quant_method", "bitsandbytes");
        if (!method.equals("bitsandbytes")) {
            throw q.fail("quant_method", "bitsandbytes, the only one supported", method);
        }
        List<String> keep = q.texts("llm_int8_skip_modules");
        if (q.flag("load_in_8bit", q.flag("_load_in_8bit", false))) {
            return new Quantization(Type.INT8, BLOCK, false, keep);
        }
        if (!q.flag("load_in_4bit", q.flag("_load_in_4bit", false))) {
            throw q.fail("load_in_4bit", "true, or load_in_8bit true", "neither");
        }
        String type = q.text("bnb_4bit_quant_type", "fp4");
        if (!type.equals("nf4")) {
            throw q.fail("bnb_4bit_quant_type", "nf4, the only one supported", '"' + type + '"');
        }
        String storage = q.text("bnb_4bit_quant_storage", "uint8");
        if (!storage.equals("uint8")) {
            throw q.fail("bnb_4bit_quant_storage", "uint8", '"' + storage + '"');
        }
        boolean nested = q.flag("bnb_4bit_use_double_quant", false);
        return new Quantization(Type.NF4, BLOCK, nested, keep);
    }

    /** As transformers writes it. */
    ObjectNode toJson() {
        boolean four = type == Type.NF4;
        ObjectNode j = JsonNodeFactory.instance.objectNode();
        j.put("quant_method", "bitsandbytes");
        j.put("_load_in_8bit", !four).put("_load_in_4bit", four);
        j.put("llm_int8_threshold", 6.0);
        var skipped = j.putArray("llm_int8_skip_modules");
        skipped.add("lm_head");
        keep.stream().filter(k -> !k.equals("lm_head")).forEach(skipped::add);
        j.put("llm_int8_enable_fp32_cpu_offload", false);
        j.put("llm_int8_has_fp16_weight", false);
        j.put("bnb_4bit_quant_type", four ? "nf4" : "fp4");
        j.put("bnb_4bit_use_double_quant", four && nested);
        j.put("bnb_4bit_compute_dtype", "float32");
        j.put("bnb_4bit_quant_storage", "uint8");
        j.put("load_in_4bit", four).put("load_in_8bit", !four);
        return j;
    }

    /** The values of NF4, as a file's {@code quant_map} has them. */
    static float[] map() {
        return Codebook.nf4();
    }

    @Override
    public String toString() {
        return switch (type) {
            case INT8 -> "int8";
            case NF4 -> "nf4 in blocks of " + blockSize + (nested ? ", double" : "");
        };
    }
}
