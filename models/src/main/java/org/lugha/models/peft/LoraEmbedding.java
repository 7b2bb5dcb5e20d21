package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.autograd.op.Embedding;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * LoRA's correction of an embedding: {@code y[t] = W[id] + s A[:, id] B^T}, A {@code [r, V]} that
 * begins at 0, B {@code [D, r]} that begins normal.
 *
 * @param scale of the correction
 */
public record LoraEmbedding(Parameter a, Parameter b, double scale) implements Mergeable {
    @Override
    public Var apply(Var ids, UnaryOperator<Var> base, Pass pass) {
        Var few = new Embedding().apply(a.transpose(0, 1), ids);
        return base.apply(ids).add(few.linear(b).scale(scale));
    }

    /** PEFT's names, which have no {@code .weight}. */
    @Override
    public SequencedMap<String, Parameter> parameters() {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        all.put("lora_embedding_A", a);
        all.put("lora_embedding_B", b);
        return all;
    }

    /** {@code W += s A^T B^T}. */
    @Override
    public void merge(Module host, String name, Tensor wide) {
        var kernel = wide.device().kernels().matmul();
        kernel.gemm(true, true, scale, a.value(), b.value(), Into.add(wide));
    }
}
