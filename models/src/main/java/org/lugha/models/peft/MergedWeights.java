package org.lugha.models.peft;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.ModelFiles;
import org.lugha.models.checkpoint.Source;
import org.lugha.models.checkpoint.Staged;
import org.lugha.models.layers.TrainedCopy;
import org.lugha.nn.Adapter;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model and its adapter as one plain checkpoint: {@code W + s B A} where there is LoRA, trained
 * copies in place of what they replaced. The model in memory stays as it is; tensors are merged one
 * at a time as they are written.
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
        Map<String, Source> tensors = new TreeMap<>();
        model.named().forEach((name, p) -> tensors.put(name, ModelFiles.source(p.value())));
        model.modules().forEach((path, m) -> merge(path, m, tensors));
        ObjectNode config = ModelFiles.savedConfig(model);
        if (model.config().isTied() && !isOneTable()) {
            tensors.put("lm_head.weight", ModelFiles.source(table(model.parts().head()).value()));
            config.put("tie_word_embeddings", false);
        } else if (model.config().isTied()) {
            tensors.remove("lm_head.weight");
        }
        ModelFiles.write(config, tensors, folder);
    }

    private static void merge(String path, Module m, Map<String, Source> tensors) {
        for (Adapter a : m.adapters()) {
            switch (a) {
                case TrainedCopy copy ->
                        copy.parameters()
                                .forEach((name, p) ->
                                        tensors.put(
                                                path + "." + name, ModelFiles.source(p.value())));
                case LoraLayer lora -> {
                    Linear host = (Linear) m;
                    Source plain = ModelFiles.source(host.weight().value());
                    tensors.put(
                            path + ".weight",
                            new Source(
                                    plain.dtype(), plain.shape(), out -> write(host, lora, out)));
                }
                default -> throw new IllegalStateException("merge: " + a + " cannot be merged");
            }
        }
    }

    private static void write(Linear host, LoraLayer lora, WritableByteChannel out)
            throws IOException {
        try (var _ = Scope.open("merge " + host.weight().name())) {
            Tensor w = host.weight().value();
            Tensor sum = w.copy(lora.a().value().dtype());
            Tensor a = lora.a().value();
            Tensor b = lora.b().value();
            boolean inOut = host.isInOut();
            sum.device()
                    .kernels()
                    .matmul()
                    .gemm(inOut, inOut, lora.scale(), inOut ? a : b, inOut ? b : a, Into.add(sum));
            ModelFiles.source(sum.copy(w.dtype())).content().writeTo(out);
        }
    }

    private boolean isOneTable() {
        return table(model.parts().head()) == table(model.parts().embedding());
    }

    /** The table a layer computes with. */
    private Parameter table(Module m) {
        for (Adapter a : m.adapters()) {
            if (a instanceof TrainedCopy copy) {
                return copy.weight();
            }
        }
        return model.parts().embedding().weight();
    }
}
