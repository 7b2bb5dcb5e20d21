package org.lugha.models.peft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.lugha.models.CausalLM;
import org.lugha.models.spectrum.Intruders;
import org.lugha.nn.Adapter;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * What an adapter does to one weight of its base, seen by its singular vectors.
 *
 * @param path of the layer
 * @param before Frobenius norm of the weight
 * @param change Frobenius norm of what merging adds
 * @param intruders among the leading vectors of the sum
 */
public record WeightSpectrum(String path, double before, double change, Intruders intruders) {
    /**
     * For every linear layer whose weight an adapter changes, one weight at a time.
     *
     * @param adapter on its model
     * @param top how many leading vectors are looked at
     * @param progress told how many layers are done, of how many
     */
    public static List<WeightSpectrum> of(
            Attached adapter, int top, BiConsumer<Integer, Integer> progress) {
        CausalLM model = adapter.model();
        Map<String, Module> modules = model.modules();
        List<Map.Entry<String, Adapter>> layers =
                adapter.adapters().entrySet().stream()
                        .filter(e -> e.getValue() instanceof Mergeable m && m.changes("weight"))
                        .filter(e -> modules.get(e.getKey()) instanceof Linear)
                        .toList();
        List<WeightSpectrum> all = new ArrayList<>();
        for (Map.Entry<String, Adapter> e : layers) {
            Linear host = (Linear) modules.get(e.getKey());
            all.add(of(e.getKey(), host, (Mergeable) e.getValue(), top));
            progress.accept(all.size(), layers.size());
        }
        return all;
    }

    private static WeightSpectrum of(String path, Linear host, Mergeable adapter, int top) {
        try (var _ = Scope.open("spectrum of " + path)) {
            Tensor weight = host.denseWeight();
            Tensor before = weight.copy(weight.dtype().wide());
            Tensor after = before.copy(before.dtype());
            adapter.merge(host, "weight", after);
            Tensor change = after.copy(after.dtype());
            change.device().kernels().elementwise().scale(-1, before, Into.add(change));
            return new WeightSpectrum(
                    path,
                    norm(before),
                    norm(change),
                    Intruders.of(outFirst(host, before), outFirst(host, after), top));
        }
    }

    /** {@code [out, in]}. */
    private static Tensor outFirst(Linear host, Tensor w) {
        return host.isInOut() ? w.transpose(0, 1) : w;
    }

    private static double norm(Tensor t) {
        Tensor sum = Tensor.empty(t.device(), DType.F64, Shape.of());
        t.device().kernels().reduce().sumOfSquares(t, Into.overwrite(sum));
        return Math.sqrt(sum.item());
    }
}
