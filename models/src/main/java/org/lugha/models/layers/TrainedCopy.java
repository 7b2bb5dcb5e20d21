package org.lugha.models.layers;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.lugha.autograd.Parameter;
import org.lugha.autograd.Var;
import org.lugha.nn.Embedding;
import org.lugha.nn.LayerNorm;
import org.lugha.nn.Linear;
import org.lugha.nn.Module;
import org.lugha.nn.Pass;
import org.lugha.nn.RmsNorm;

/**
 * A layer trained as a whole beside a frozen model: a copy of its parameters takes their place in
 * the computation, the frozen ones stay as they are. PEFT calls such layers {@code
 * modules_to_save}.
 *
 * @param host the layer whose parameters were copied
 * @param weight the copy of its weight, possibly shared with another layer
 * @param bias the copy of its bias; null where it has none
 */
public record TrainedCopy(Module host, Parameter weight, Parameter bias) implements WeightAdapter {

    /** Whether a layer is of a kind that can be trained so. */
    public static boolean supports(Module m) {
        return m instanceof Embedding
                || m instanceof RmsNorm
                || m instanceof LayerNorm
                || m instanceof Linear;
    }

    @Override
    public Var apply(Var x, UnaryOperator<Var> base, Pass pass) {
        return switch (host) {
            case Embedding _ -> new org.lugha.autograd.op.Embedding().apply(weight, x);
            case RmsNorm n -> n.with(weight, x);
            case LayerNorm n -> n.with(weight, bias, x);
            case Linear l -> {
                var op = new org.lugha.autograd.op.Linear(l.isInOut());
                yield bias == null ? op.apply(x, weight) : op.apply(x, weight, bias);
            }
            default -> throw new IllegalStateException("no copy of " + host + " can be computed");
        };
    }

    @Override
    public Var weight(Var replaced) {
        return weight;
    }

    @Override
    public SequencedMap<String, Parameter> parameters() {
        SequencedMap<String, Parameter> all = new LinkedHashMap<>();
        all.put("weight", weight);
        if (bias != null) {
            all.put("bias", bias);
        }
        return all;
    }
}
