package org.lugha.models.peft;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.ModelFiles;
import org.lugha.models.RequestException;
import org.lugha.models.checkpoint.Checkpoint;
import org.lugha.models.checkpoint.Source;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.layers.TrainedCopy;
import org.lugha.nn.Adapter;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model and its active adapters as one plain checkpoint: {@code W + s B A} where there is LoRA,
 * trained copies in place of what they replaced. The model in memory stays as it is; tensors are
 * merged one at a time as they are written, and those of a quantised base widened.
 */
public final class MergedWeights {
    private final CausalLM model;

    public MergedWeights(CausalLM model) {
        this.model = model;
    }

    /** Writes a new folder that appears when it is complete. */
    public void save(Path folder) {
        try (Staged staged = Staged.folder(folder)) {
            writeInto(staged.path());
            staged.commit();
        }
    }

    /**
     * Writes the two files into a folder that is there. Where input and output embeddings were tied
     * and were not trained as one, two tables are written and the configuration says so.
     */
    public void writeInto(Path folder) {
        writeInto(folder, Map.of());
    }

    /**
     * As {@link #writeInto(Path)}, with what no adapter changes as it lies in the model's files.
     */
    void writeInto(Path folder, Checkpoint files) {
        Map<String, Source> own = new TreeMap<>();
        Set<String> named = model.named().keySet();
        files.entries()
                .forEach((key, e) -> {
                    String name = model.parts().bodyName() + "." + key;
                    own.put(named.contains(name) ? name : key, e.source());
                });
        writeInto(folder, own);
    }

    private void writeInto(Path folder, Map<String, Source> files) {
        Map<String, Source> tensors = new TreeMap<>();
        model.named()
                .forEach((name, p) -> {
                    if (p.quantized().isEmpty()) {
                        tensors.put(name, files.getOrDefault(name, ModelFiles.source(p.value())));
                    }
                });
        model.modules()
                .forEach((path, m) -> {
                    if (m instanceof Linear l && l.quantized().isPresent()) {
                        tensors.put(path + ".weight", ModelFiles.dense(l, model.dtype()));
                    }
                });
        boolean tied = model.config().isTied();
        if (tied) { // each place of the table for itself, until it is known that both are one
            Parameter table = model.parts().embedding().weight();
            tensors.put("lm_head.weight", ModelFiles.source(table.value()));
        }
        model.modules().forEach((path, m) -> merge(path, m, tensors));
        ObjectNode config = ModelFiles.savedConfig(model);
        if (tied && isOneTable()) {
            tensors.remove("lm_head.weight");
        } else if (tied) {
            config.put("tie_word_embeddings", false);
        }
        ModelFiles.write(config, tensors, folder);
    }

    private void merge(String path, Module m, Map<String, Source> tensors) {
        List<Mergeable> merged = new ArrayList<>();
        SequencedMap<String, Tensor> start = new LinkedHashMap<>();
        for (Adapter a : m.adapters()) {
            switch (a) {
                case TrainedCopy copy ->
                        copy.parameters().forEach((name, p) -> start.put(name, p.value()));
                case Mergeable one -> merged.add(one);
                default ->
                        throw new RequestException(
                                "merge: the adapter of "
                                        + path
                                        + " ("
                                        + a.getClass().getSimpleName()
                                        + ") is no change of weights and cannot become part of"
                                        + " them; keep it as an adapter");
            }
        }
        start.forEach((name, t) -> tensors.put(path + "." + name, ModelFiles.source(t)));
        for (String name : List.of("weight", "bias")) {
            Source plain = tensors.get(path + "." + name);
            List<Mergeable> all = merged.stream().filter(a -> a.changes(name)).toList();
            if (plain != null && !all.isEmpty()) {
                Supplier<Tensor> from =
                        start.containsKey(name)
                                ? () -> start.get(name)
                                : () -> own(m, path + "." + name);
                DType dtype = DType.valueOf(plain.dtype().name());
                tensors.put(
                        path + "." + name,
                        new Source(
                                plain.dtype(),
                                plain.shape(),
                                out -> write(m, name, from, all, dtype, out)));
            }
        }
    }

    private Tensor own(Module m, String key) {
        if (m instanceof Linear l && l.quantized().isPresent() && key.endsWith(".weight")) {
            return l.denseWeight();
        }
        return model.named().get(model.aliases().getOrDefault(key, key)).value();
    }

    private static void write(
            Module host,
            String name,
            Supplier<Tensor> from,
            List<Mergeable> adapters,
            DType dtype,
            WritableByteChannel out)
            throws IOException {
        try (var _ = Scope.open("merge " + name)) {
            Tensor wide = from.get().copy(dtype.wide());
            adapters.forEach(a -> a.merge(host, name, wide));
            ModelFiles.source(wide.copy(dtype)).content().writeTo(out);
        }
    }

    /** Whether what adapters make of the table is the same in both places. */
    private boolean isOneTable() {
        List<Adapter> in = model.parts().embedding().adapters();
        List<Adapter> out = model.parts().head().adapters();
        boolean same = in.size() == out.size();
        for (int i = 0; same && i < in.size(); i++) {
            same = isOne(in.get(i), out.get(i));
        }
        return same;
    }

    private static boolean isOne(Adapter in, Adapter out) {
        return switch (in) {
            case TrainedCopy copy ->
                    out instanceof TrainedCopy twin && copy.weight() == twin.weight();
            case TokenRows rows -> out instanceof TokenRows twin && rows.rows() == twin.rows();
            default -> false;
        };
    }
}
