package org.lugha.models;

import java.util.Arrays;
import org.lugha.autograd.Var;
import org.lugha.autograd.op.Linear;
import org.lugha.autograd.op.LinearCrossEntropy;
import org.lugha.models.layers.WeightAdapter;
import org.lugha.nn.Adapter;
import org.lugha.nn.Pass;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;

/** From hidden states to logits or to losses, with what adapters make of the layer's weight. */
record OutputLayer(Architecture parts) {
    /** Logits {@code [.., V]} of hidden states before the last norm. */
    Var logits(Var hidden, Pass pass) {
        Var normed = parts.norm().forward(hidden, pass);
        Var logits = new Linear(false).apply(normed, weight());
        double cap = parts.logitSoftCap();
        return cap == 0 ? logits : logits.softCap(cap);
    }

    /** {@code scale} times the summed cross-entropy of normed rows {@code [N,D]}. */
    Var loss(Var rows, Targets targets, double scale) {
        Var labels = Var.of(Targets.tensor(rows.value().device(), targets.labels()));
        return new LinearCrossEntropy(scale, parts.logitSoftCap()).apply(rows, weight(), labels);
    }

    /** Cross-entropy of each row, in nats, as the targets lie; h may be null where none counts. */
    double[][] nll(Tensor h, Targets targets) {
        double[] all = targets.count() == 0 ? new double[0] : nll(h, targets.labels());
        double[][] out = new double[targets.perRow().length][];
        int from = 0;
        for (int b = 0; b < out.length; b++) {
            int to = from + targets.perRow()[b];
            out[b] = Arrays.copyOfRange(all, from, to);
            from = to;
        }
        return out;
    }

    private double[] nll(Tensor h, int[] labels) {
        Tensor nll = h.emptyWithLast(1).view(labels.length);
        Into lse = Into.overwrite(nll.emptyLike());
        Tensor wanted = Targets.tensor(h.device(), labels);
        Tensor w = weight().value();
        var kernel = h.device().kernels().loss();
        kernel.forward(h, w, wanted, parts.logitSoftCap(), Into.overwrite(nll), lse, null);
        return nll.toArray();
    }

    /** The layer's weight as its adapters leave it. */
    private Var weight() {
        Var weight = parts.head().weight();
        for (Adapter a : parts.head().adapters()) {
            if (!(a instanceof WeightAdapter adapter)) {
                throw new RequestException("lm_head: its output cannot be adapted, got " + a);
            }
            weight = adapter.weight(weight);
        }
        return weight;
    }
}
