package org.lugha.models.peft;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.autograd.op.Concat;
import org.lugha.autograd.op.LowRank;
import org.lugha.models.spectrum.Svd;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * PiSSA (Meng et al. 2024): a LoRA that begins as the r leading singular directions of the weight,
 * {@code s B0 A0 = U S V^T}, on a base without them: {@code y = (W - s B0 A0) x + s B A drop(x)}.
 * The base's own weight stays as it is; what is saved is the change, {@code s (B A - B0 A0)}, as a
 * plain LoRA of rank 2 r that fits the base as it was published.
 *
 * @param lora what is trained
 * @param a0 first values of A
 * @param b0 first values of B
 */
record PissaLayer(LoraLayer lora, Parameter a0, Parameter b0) implements Mergeable, Converted {

    /** Overwrites a fresh LoRA's matrices with the directions of its layer. */
    static PissaLayer of(Attached all, LoraLayer lora, Linear host) {
        if (host.weight().value().device().computes()) {
            start(lora, host);
        }
        return new PissaLayer(lora, copy(all, lora.a()), copy(all, lora.b()));
    }

    private static void start(LoraLayer lora, Linear host) {
        try (var _ = Scope.open("directions of " + host.weight().name())) {
            Tensor own = host.denseWeight();
            Tensor w = own.copy(lora.a().value().dtype());
            Tensor turned = host.isInOut() ? w.transpose(0, 1).contiguous() : w;
            int rank = lora.a().shape().dim(0);
            Svd first = Svd.leading(turned, rank);
            Tensor b = lora.b().value();
            for (int k = 0; k < first.s().length; k++) {
                double size = Math.sqrt(first.s()[k] / lora.scale());
                for (int o = 0; o < host.out(); o++) {
                    b.set((long) o * rank + k, size * first.u()[k][o]);
                }
            }
            // A = (B^T W) / S: what W has in these directions, in the size that B has not
            Tensor a = lora.a().value();
            var kernels = a.device().kernels();
            kernels.matmul().gemm(true, false, 1, b, turned, Into.overwrite(a));
            for (int k = 0; k < first.s().length; k++) {
                double by = first.s()[k] > 0 ? 1 / first.s()[k] : 0;
                Tensor row = a.slice(0, k, k + 1);
                kernels.elementwise().scale(by, row, Into.overwrite(row));
            }
        }
    }

    private static Parameter copy(Attached all, Parameter p) {
        try (var _ = Scope.open("copy " + p.name())) {
            Parameter copy = Parameter.of(p.name(), p.value().copy(p.value().dtype()));
            return all.owning(copy.trainable(false));
        }
    }

    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        Var rest = new LowRank(-lora.scale()).apply(base.apply(x), x, a0, b0);
        return lora.correct(rest, lora.dropped(x, pass));
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        return lora.parameters();
    }

    /** {@code A' = [A; A0]} and {@code B' = [B, -B0]}. */
    @Override
    public SequencedMap<String, Tensor> saved() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        lora.parameters().forEach((key, p) -> all.put(key, p.value()));
        Var a = new Concat(0).apply(constant(lora.a()), constant(a0));
        Var b = new Concat(1).apply(constant(lora.b()), constant(b0).scale(-1));
        all.put("lora_A.weight", a.value());
        all.put("lora_B.weight", b.value());
        return all;
    }

    private static Var constant(Parameter p) {
        return Var.of(p.value());
    }

    @Override
    public boolean changes(String name) {
        return lora.changes(name);
    }

    @Override
    public void merge(Module host, String name, Tensor wide) {
        lora.merge(host, name, wide);
        if (name.equals("weight")) {
            new LoraLayer(a0, b0, null, -lora.scale(), 0, 0).merge(host, name, wide);
        }
    }

    @Override
    public void close() {
        a0.close();
        b0.close();
    }
}
