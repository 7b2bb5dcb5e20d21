package org.lugha.optim;

import org.lugha.autograd.Parameter;
import org.lugha.autograd.TrainedPart;
import org.lugha.runtime.DType;
import org.lugha.runtime.Scope;
import org.lugha.runtime.Shape;
import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;

/**
 * AdamW of a parameter that is trained in parts: an index that has no part in a step keeps its
 * value and its moments, nothing of it decays, and its bias corrections count its own updates. So
 * each index moves exactly as if the steps that leave it out had not been.
 *
 * <p>Extra memory: where the axis is not the first, four copies of the part.
 */
final class PartialAdam {
    private final Parameter parameter;
    private final Tensor steps;

    /** Made in the scope that is open; the counts are the caller's to hold. */
    PartialAdam(Parameter parameter, TrainedPart part) {
        this.parameter = parameter;
        Shape one = Shape.of(parameter.shape().dim(part.axis()));
        steps = Tensor.zeros(parameter.value().device(), DType.F32, one);
    }

    /** Updates so far, for each index; F32 counts 16 million of them. */
    Tensor steps() {
        return steps;
    }

    /**
     * One update.
     *
     * @param p value or master copy, like {@code mean} and {@code square} of the whole parameter
     */
    void update(AdamStep how, Tensor p, Tensor mean, Tensor square) {
        TrainedPart part = parameter.part().orElseThrow();
        Tensor g = front(parameter.gradient(), part).contiguous();
        Tensor[] all = {front(p, part), front(mean, part), front(square, part)};
        Tensor[] own = new Tensor[all.length];
        for (int i = 0; i < all.length; i++) {
            own[i] = all[i].contiguous();
        }
        double[] counts = steps.slice(0, part.from(), part.to()).toArray();
        for (int from = 0; from < counts.length; ) {
            int to = from + 1;
            while (to < counts.length && counts[to] == counts[from]) {
                to++;
            }
            p.device()
                    .kernels()
                    .optimizer()
                    .adamW(
                            at(how, (long) counts[from] + 1),
                            g.slice(0, from, to),
                            Into.add(own[0].slice(0, from, to)),
                            Into.add(own[1].slice(0, from, to)),
                            Into.add(own[2].slice(0, from, to)),
                            null);
            from = to;
        }
        for (int i = 0; i < all.length; i++) {
            if (!all[i].layout().isContiguous()) {
                p.device().kernels().copy().copy(own[i], Into.overwrite(all[i]));
            }
        }
        count(part);
    }

    private void count(TrainedPart part) {
        try (var _ = Scope.open("count")) {
            Tensor some = steps.slice(0, part.from(), part.to());
            Tensor one = Tensor.full(some.device(), some.dtype(), some.shape(), 1);
            some.device().kernels().elementwise().scale(1, one, Into.add(some));
        }
    }

    private static Tensor front(Tensor t, TrainedPart part) {
        Tensor first = part.axis() == 0 ? t : t.transpose(0, part.axis());
        return first.slice(0, part.from(), part.to());
    }

    private static AdamStep at(AdamStep s, long step) {
        return new AdamStep(
                s.lr(), s.beta1(), s.beta2(), s.eps(), s.weightDecay(), step, s.gradientScale());
    }
}
