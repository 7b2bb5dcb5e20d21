package org.lugha.models.adapters;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.nn.Init;
import org.lugha.runtime.DType;
import org.lugha.runtime.Device;
import org.lugha.runtime.Philox;
import org.lugha.runtime.Shape;
import org.lugha.runtime.spi.Unary;

/** {@code U f(D x + a) + b}: D {@code [inner, in]}, U {@code [out, inner]}. */
public record TwoLayers(
        Unary activation,
        Parameter downWeight,
        Parameter downBias,
        Parameter upWeight,
        Parameter upBias) {

    /** Without values. */
    public static TwoLayers declare(
            int in, int inner, int out, Unary activation, Init down, Init up) {
        return new TwoLayers(
                activation,
                new Parameter("down.weight", Shape.of(inner, in), down),
                new Parameter("down.bias", Shape.of(inner), Init.zeros()),
                new Parameter("up.weight", Shape.of(out, inner), up),
                new Parameter("up.bias", Shape.of(out), Init.zeros()));
    }

    /** First values, a function of the seed. */
    public void initialize(Device device, DType dtype, long seed) {
        int i = 0;
        for (Parameter p : named("down", "up").values()) {
            p.initialize(device, dtype, Philox.derive(seed, i++));
        }
    }

    /** Of x {@code [.., in]}. */
    public Var of(Var x) {
        return x.linear(downWeight, downBias).activation(activation).linear(upWeight, upBias);
    }

    /** The parameters, {@code weight} and {@code bias} of either layer behind its name. */
    public SequencedMap<String, Parameter> named(String down, String up) {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        all.put(down + ".weight", downWeight);
        all.put(down + ".bias", downBias);
        all.put(up + ".weight", upWeight);
        all.put(up + ".bias", upBias);
        return all;
    }
}
