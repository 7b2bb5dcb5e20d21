package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.autograd.op.LowRank;
import org.lugha.models.layers.WeightAdapter;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * LoRA's correction of one linear layer: A {@code [r, in]}, B {@code [out, r]}.
 *
 * @param bias behind B, {@code [out]}, scaled as B is; null where there is none
 * @param scale of the correction
 * @param dropout of its input
 * @param site a number of its own, so that no two layers drop alike
 */
public record LoraLayer(
        Parameter a, Parameter b, Parameter bias, double scale, double dropout, long site)
        implements Mergeable, WeightAdapter {

    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        return correct(base.apply(x), dropped(x, pass));
    }

    /** The adapter's input. */
    Var dropped(Var x, Pass pass) {
        boolean drops = dropout > 0 && pass.training();
        return drops ? x.dropout(dropout, pass.seedOf(site)) : x;
    }

    /** {@code y + s (B A x + bias)}. */
    Var correct(Var y, Var x) {
        Var z = new LowRank(scale).apply(y, x, a, b);
        return bias == null ? z : z.bias(bias.scale(scale));
    }

    /** {@code W + s B A}. */
    @Override
    public Var weight(Var w) {
        return wide(w).add(b.matmul(a).scale(scale));
    }

    /** A frozen table of a narrow type in the type that is computed in. */
    static Var wide(Var w) {
        DType type = w.value().dtype();
        return type == type.wide() ? w : Var.of(w.value().copy(type.wide()));
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        all.put("lora_A.weight", a);
        all.put("lora_B.weight", b);
        if (bias != null) {
            all.put("lora_B.bias", bias);
        }
        return all;
    }

    @Override
    public boolean changes(String name) {
        return name.equals("weight") || bias != null;
    }

    /** {@code W += s B A}, and the layer's bias likewise. */
    @Override
    public void merge(Module host, String name, Tensor wide) {
        if (name.equals("bias")) {
            wide.device().kernels().elementwise().scale(scale, bias.value(), Into.add(wide));
            return;
        }
        boolean inOut = ((Linear) host).isInOut();
        Tensor first = (inOut ? a : b).value();
        Tensor second = (inOut ? b : a).value();
        wide.device().kernels().matmul().gemm(inOut, inOut, scale, first, second, Into.add(wide));
    }

    /** Lengths of the rows of {@code W + s B A}, from products that are r wide. */
    double[] rowLengths(Linear host, double[] squares) {
        try (var _ = Scope.open("row lengths")) {
            int rank = a.shape().dim(0);
            int out = b.shape().dim(0);
            Tensor av = a.value();
            double[] wa = host.project(av).toArray(); // [r, out]
            Tensor gram = Tensor.empty(av.device(), av.dtype(), Shape.of(rank, rank));
            av.device().kernels().matmul().gemm(false, true, 1, av, av, Into.overwrite(gram));
            double[] g = gram.toArray();
            double[] bv = b.value().toArray();
            double[] lengths = new double[out];
            for (int o = 0; o < out; o++) {
                double cross = 0;
                double own = 0;
                for (int i = 0; i < rank; i++) {
                    double bi = bv[o * rank + i];
                    cross += bi * wa[i * out + o];
                    for (int j = 0; j < rank; j++) {
                        own += bi * bv[o * rank + j] * g[i * rank + j];
                    }
                }
                double square = squares[o] + 2 * scale * cross + scale * scale * own;
                lengths[o] = Math.sqrt(Math.max(square, 0));
            }
            return lengths;
        }
    }
}
