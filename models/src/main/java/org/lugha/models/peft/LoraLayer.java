package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.autograd.op.LowRank;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * LoRA's correction of one linear layer: A {@code [r, in]}, B {@code [out, r]}.
 *
 * @param scale of the correction
 * @param dropout of its input
 * @param site a number of its own, so that no two layers drop alike
 */
public record LoraLayer(Parameter a, Parameter b, double scale, double dropout, long site)
        implements Mergeable {

    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        Var y = base.apply(x);
        return new LowRank(scale).apply(y, dropped(x, pass), a, b);
    }

    /** The adapter's own input. */
    Var dropped(Var x, Pass pass) {
        boolean drops = dropout > 0 && pass.training();
        return drops ? x.dropout(dropout, pass.seedOf(site)) : x;
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        all.put("lora_A.weight", a);
        all.put("lora_B.weight", b);
        return all;
    }

    /** {@code W += s B A}. */
    @Override
    public void merge(Module host, String name, Tensor wide) {
        boolean inOut = ((Linear) host).isInOut();
        Tensor first = (inOut ? a : b).value();
        Tensor second = (inOut ? b : a).value();
        wide.device().kernels().matmul().gemm(inOut, inOut, scale, first, second, Into.add(wide));
    }
}
