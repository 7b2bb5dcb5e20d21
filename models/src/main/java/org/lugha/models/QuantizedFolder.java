package org.lugha.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.lugha.autograd.Parameter;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.checkpoint.Entry;
import org.lugha.models.checkpoint.Slot;
import org.lugha.models.checkpoint.SlotWriter;
import org.lugha.models.checkpoint.Source;
import org.lugha.models.checkpoint.Staged;
import org.lugha.nn.Linear;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a quantised base: a folder as transformers and bitsandbytes write it, that {@link
 * CausalLM#load} maps. One weight at a time is in memory.
 *
 * @param quantization of the linear layers
 * @param progress hears of every weight before it is worked on
 */
public record QuantizedFolder(Device device, Quantization quantization, Watch progress) {
    /** Hears what is being done. */
    @FunctionalInterface
    public interface Watch {
        /** So many of all weights are written; this one is next. */
        void at(int done, int total, String name);
    }

    /**
     * Of a checkpoint; what is not quantised keeps its type, tokenizer files are copied.
     *
     * @param dtype null, or the type of what is not quantised
     */
    public void write(Path model, DType dtype, Path output) {
        ConfigJson json = ModelFiles.config(model);
        try (Checkpoint files = Checkpoint.open(model);
                CausalLM lm = ModelFiles.declare(json, files)) {
            WeightBinding binding = new WeightBinding(lm, files, device, DType.F32).match();
            if (binding.isQuantized()) {
                throw new RequestException(
                        "quantise "
                                + model
                                + ": it is quantised already; give the checkpoint it"
                                + " was made from");
            }
            Map<Parameter, Entry> found = binding.found();
            write(
                    lm,
                    p -> dtype == null ? ModelFiles.type(found.get(p).dtype()) : dtype,
                    (p, type) -> {
                        Entry e = found.get(p);
                        Tensor lying = ModelFiles.wrap(e, p.shape(), device);
                        return type == null || type == lying.dtype() ? lying : lying.copy(type);
                    },
                    p -> WeightBinding.unload(found.get(p)),
                    output,
                    folder -> copyOthers(model, folder));
        }
    }

    /** Of random weights: what {@link CausalLM#initialize} gives for this seed and type. */
    public void write(ConfigJson config, DType dtype, long seed, Path output) {
        try (CausalLM lm = CausalLM.declare(config)) {
            List<Parameter> order = List.copyOf(lm.named().values());
            write(
                    lm,
                    _ -> dtype,
                    (p, _) ->
                            p.init()
                                    .make(
                                            device,
                                            dtype,
                                            p.shape(),
                                            Philox.derive(seed, order.indexOf(p))),
                    _ -> {},
                    output,
                    _ -> {});
        }
    }

    private interface Types {
        DType of(Parameter p);
    }

    private interface Values {
        /** In the innermost scope, or lying in a file; of any type where none is said. */
        Tensor of(Parameter p, DType type);
    }

    private void write(
            CausalLM lm,
            Types types,
            Values values,
            Consumer<Parameter> done,
            Path output,
            Consumer<Path> others) {
        Map<Parameter, Linear> layers = QuantizedModel.layers(lm, quantization);
        DType plain = types.of(lm.parts().embedding().weight());
        try (Staged folder = Staged.folder(output)) {
            others.accept(folder.path());
            Staged.write(
                    folder.path().resolve(ModelFiles.CONFIG),
                    ModelFiles.json(config(lm, plain)) + "\n");
            Path file = folder.path().resolve(Checkpoint.SINGLE);
            try (SlotWriter out = SlotWriter.open(file, slots(lm, types, layers))) {
                var named = lm.named();
                int at = 0;
                for (Map.Entry<String, Parameter> e : named.entrySet()) {
                    Parameter p = e.getValue();
                    progress.at(at++, named.size(), e.getKey());
                    try (var _ = Scope.open("quantise " + e.getKey())) {
                        Linear l = layers.get(p);
                        Tensor w = values.of(p, l == null ? types.of(p) : null);
                        sources(e.getKey(), w, l, plain).forEach(out::write);
                    }
                    done.accept(p);
                }
                out.commit();
            }
            folder.commit();
        }
    }

    private Map<String, Source> sources(String name, Tensor w, Linear l, DType plain) {
        return l == null
                ? Map.of(name, ModelFiles.source(w))
                : QuantizedSources.of(name, quantization.of(l, w), plain);
    }

    private SequencedMap<String, Slot> slots(
            CausalLM lm, Types types, Map<Parameter, Linear> layers) {
        SequencedMap<String, Slot> all = new LinkedHashMap<>();
        lm.named()
                .forEach((name, p) -> {
                    Linear l = layers.get(p);
                    if (l == null) {
                        all.put(name, ModelFiles.slot(types.of(p), p.shape()));
                    } else {
                        Shape shape = Shape.of(l.out(), l.in());
                        all.putAll(QuantizedSources.declared(name, shape, quantization));
                    }
                });
        return all;
    }

    private ObjectNode config(CausalLM lm, DType plain) {
        ObjectNode j = ModelFiles.savedConfig(lm, plain);
        j.set("quantization_config", quantization.toJson());
        return j;
    }

    /** Everything small that is neither weights nor config.json: tokenizer, templates. */
    private static void copyOthers(Path from, Path to) {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> all = Files.list(from)) {
            for (Path p : all.filter(Files::isRegularFile).toList()) {
                String name = p.getFileName().toString();
                boolean text = name.matches(".*\\.(json|txt|jinja|model)");
                if (text && !name.equals(ModelFiles.CONFIG) && !name.endsWith(".index.json")) {
                    Files.copy(p, to.resolve(name));
                }
            }
        } catch (IOException e) {
            throw new RequestException(
                    "quantise " + from + ": cannot copy its tokenizer: " + e.getMessage(), e);
        }
    }
}
