package org.lugha.models;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.nn.Linear;
import org.lugha.runtime.Absmax;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Quantized;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;

/** Models whose linear layers are held in few bits, made tensor by tensor. */
public final class QuantizedModel {
    private QuantizedModel() {}

    /** The layers that this quantisation means, by their weights. */
    public static SequencedMap<Parameter, Linear> layers(CausalLM model, Quantization q) {
        SequencedMap<Parameter, Linear> all = new LinkedHashMap<>();
        model.named(); // gives parameters their full names
        model.modules()
                .forEach((path, m) -> {
                    if (m instanceof Linear l && q.covers(model, path, l)) {
                        all.put(l.weight(), l);
                    }
                });
        if (all.isEmpty()) {
            throw new RequestException(
                    "quantisation: every linear layer is named as one to keep; name fewer");
        }
        return all;
    }

    /**
     * {@link CausalLM#initialize} with one weight at a time in full: what quantising the whole
     * would give, bit for bit.
     *
     * @param dtype of what is not quantised, and of every weight before it is
     */
    public static void initialize(
            CausalLM model, Device device, DType dtype, long seed, Quantization q) {
        Map<Parameter, Linear> layers = layers(model, q);
        long ordinal = 0;
        for (Parameter p : model.named().values()) {
            long own = Philox.derive(seed, ordinal++);
            Linear l = layers.get(p);
            if (l == null) {
                p.initialize(device, dtype, own);
            } else {
                try (var _ = Scope.open("quantise " + p.name())) {
                    l.quantize(q.of(l, p.init().make(device, dtype, p.shape(), own)));
                }
            }
        }
        model.freeze(true);
    }

    /** Quantises a model that is loaded already, tensor by tensor, and freezes it. */
    public static void quantize(CausalLM model, Quantization q) {
        layers(model, q)
                .values()
                .forEach(l -> {
                    if (l.quantized().isEmpty()) {
                        quantize(l, q, l.weight().value());
                    }
                });
        model.freeze(true);
    }

    /** From a tensor as it lies, of the weight's shape. */
    static void quantize(Linear l, Quantization q, Tensor w) {
        try (var _ = Scope.open("quantise " + l.weight().name())) {
            l.quantize(q.of(l, w));
        }
    }

    /**
     * The type to hold what is not quantised in, for who only reads a model: that of the files of a
     * quantised one, so that its tables are mapped and not widened, and F32 for all others.
     */
    public static DType restOf(Path folder) {
        if (!Files.isRegularFile(folder.resolve(ModelFiles.CONFIG))) {
            return DType.F32; // loading says what is wrong
        }
        ConfigJson config = ModelFiles.config(folder);
        String type = config.text(config.spelled("dtype", "torch_dtype"), "float32");
        boolean narrow = type.equals("bfloat16") && config.get("quantization_config").isPresent();
        return narrow ? DType.BF16 : DType.F32;
    }

    /** What a model's quantised layers are held in; empty where none is. */
    public static Optional<Quantization> of(CausalLM model) {
        Quantized found = null;
        List<String> dense = new ArrayList<>();
        for (var e : model.modules().entrySet()) {
            if (e.getValue() instanceof Linear l && l != model.parts().head()) {
                if (l.quantized().isPresent()) {
                    found = l.quantized().get();
                } else {
                    dense.add(e.getKey());
                }
            }
        }
        return Optional.ofNullable(found).map(w -> describe(w, dense));
    }

    private static Quantization describe(Quantized w, List<String> keep) {
        return switch (w) {
            case Quantized.Int8 _ ->
                    new Quantization(Quantization.Type.INT8, Quantization.BLOCK, false, keep);
            case Quantized.Nf4 n -> {
                boolean nested = n.absmax() instanceof Absmax.Nested;
                yield new Quantization(Quantization.Type.NF4, n.blockSize(), nested, keep);
            }
        };
    }
}
