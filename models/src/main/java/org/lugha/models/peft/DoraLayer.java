package org.lugha.models.peft;

import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/**
 * DoRA (Liu et al. 2024): each row of {@code W + s B A} is turned by LoRA and has a length of its
 * own, m {@code [out]}: {@code y = m / |W + s B A| (W x + s B A drop(x)) + bias}. The lengths in
 * the denominator are constants in backward, as PEFT has it. Where there is dropout in training, W
 * x is changed by what the dropped input gives, as PEFT does.
 *
 * @param host the layer
 * @param bias that is in the layer's output; null where there is none
 * @param squares of the lengths of W's rows
 */
public record DoraLayer(
        Linear host, Parameter bias, LoraLayer lora, Parameter magnitude, double[] squares)
        implements Mergeable {

    /** Squares of the lengths of a weight's rows. */
    static double[] squares(Linear host) {
        try (var _ = Scope.open("lengths of " + host.weight().name())) {
            Tensor w = host.denseWeight();
            Tensor wide = w.copy(w.dtype().wide());
            Tensor sums = Tensor.empty(wide.device(), wide.dtype(), Shape.of(host.out()));
            var kernels = wide.device().kernels();
            kernels.elementwise().mul(wide, wide, Into.overwrite(wide));
            if (host.isInOut()) {
                kernels.reduce().sumRows(wide, Into.overwrite(sums));
            } else {
                Tensor each = wide.view(host.out(), host.in(), 1);
                kernels.reduce().sumAxis(each, Into.overwrite(sums.view(host.out(), 1)));
            }
            return sums.toArray();
        }
    }

    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        Var y = base.apply(x);
        Var dropped = lora.dropped(x, pass);
        Var plain = dropped == x ? y : base.apply(dropped);
        Var linear = bias == null ? plain : plain.bias(bias.scale(-1));
        Var turned = lora.correct(linear, dropped).gain(magnitude.mul(inverse()));
        if (dropped != x) {
            return y.add(turned.sub(linear));
        }
        return bias == null ? turned : turned.bias(bias);
    }

    /** {@code 1 / |W + s B A|}, a constant. */
    private Var inverse() {
        Tensor m = magnitude.value();
        double[] lengths =
                m.device().computes() ? lora.rowLengths(host, squares) : new double[squares.length];
        return Var.of(Tensor.generate(m.device(), m.dtype(), m.shape(), i -> 1 / lengths[(int) i]));
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        SequencedMap<String, Parameter> all = lora.parameters();
        all.put("lora_magnitude_vector", magnitude);
        return all;
    }

    @Override
    public boolean changes(String name) {
        return lora.changes(name);
    }

    /** Each row of {@code W + s B A} in its own length; a bias behind B likewise. */
    @Override
    public void merge(Module layer, String name, Tensor wide) {
        Tensor factors = magnitude.mul(inverse()).value();
        var kernel = wide.device().kernels().elementwise();
        if (name.equals("bias")) {
            Tensor own = lora.bias().value().emptyLike();
            kernel.mul(lora.bias().value(), factors, Into.overwrite(own));
            kernel.scale(lora.scale(), own, Into.add(wide));
            return;
        }
        lora.merge(layer, name, wide);
        if (host.isInOut()) {
            kernel.mulRow(wide, factors, Into.overwrite(wide));
        } else {
            Tensor turned = wide.transpose(0, 1).contiguous();
            kernel.mulRow(turned, factors, Into.overwrite(turned));
            wide.device().kernels().copy().copy(turned.transpose(0, 1), Into.overwrite(wide));
        }
    }

    // Records compare arrays by identity, which is what is meant: these are one layer's.
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
