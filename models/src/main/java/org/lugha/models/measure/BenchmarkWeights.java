package org.lugha.models.measure;

import org.lugha.autograd.Parameter;
import org.lugha.models.CausalLM;
import org.lugha.models.Quantization;
import org.lugha.models.QuantizedModel;
import org.lugha.nn.Init;
import org.lugha.nn.Linear;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * Weights for timing a quantised base: random, made and quantised one after the other, so that at
 * most one is there in full. Billions of normal numbers would take minutes to draw; a few million
 * are drawn and laid one behind the other, for each weight from another of them on.
 */
public final class BenchmarkWeights {
    private static final int DRAWN = 1 << 22;
    private static final double DEVIATION = 0.02;

    private final Tensor drawn;

    private BenchmarkWeights(Tensor drawn) {
        this.drawn = drawn;
    }

    /**
     * Gives a model its values and freezes it.
     *
     * @param dtype of what is not quantised
     */
    static void fill(CausalLM model, Device device, DType dtype, Quantization q) {
        try (var _ = Scope.open("benchmark weights")) {
            Tensor drawn =
                    Tensor.generate(
                            device, dtype, Shape.of(DRAWN), i -> DEVIATION * Philox.normal(1, i));
            new BenchmarkWeights(drawn).fill(model, q);
        }
        model.freeze(true);
    }

    private void fill(CausalLM model, Quantization q) {
        var layers = QuantizedModel.layers(model, q);
        int at = 0;
        for (Parameter p : model.named().values()) {
            try (var _ = Scope.open("fill " + p.name())) {
                at = (at + 65_537) % DRAWN;
                Linear l = layers.get(p);
                if (p.init() instanceof Init.Constant c) {
                    p.bind(Tensor.full(drawn.device(), drawn.dtype(), p.shape(), c.value()));
                } else if (l == null) {
                    p.bind(tiled(p.shape(), at));
                } else {
                    l.quantize(q.of(l, tiled(p.shape(), at)));
                }
            }
        }
    }

    private Tensor tiled(Shape shape, int from) {
        Tensor t = Tensor.empty(drawn.device(), drawn.dtype(), shape);
        Tensor flat = t.view(Math.toIntExact(shape.count()));
        int at = from;
        for (int done = 0; done < flat.dim(0); ) {
            int n = Math.min(DRAWN - at, flat.dim(0) - done);
            t.device()
                    .kernels()
                    .copy()
                    .copy(
                            drawn.slice(0, at, at + n),
                            Into.overwrite(flat.slice(0, done, done + n)));
            done += n;
            at = 0;
        }
        return t;
    }
}
