package org.lugha.runtime.reference;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.AdamStep;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.OptimizerKernel;

/** {@link OptimizerKernel} element by element. */
public final class RefOptimizer implements OptimizerKernel {

    @Override
    public void adamW(AdamStep how, Tensor g, Into p, Into m, Into v, Into rounded) {
        In gradients = In.of(g);
        Out parameter = Out.of(Into.overwrite(p.tensor()));
        Out first = Out.of(Into.overwrite(m.tensor()));
        Out second = Out.of(Into.overwrite(v.tensor()));
        In oldParameter = In.of(p.tensor());
        In oldFirst = In.of(m.tensor());
        In oldSecond = In.of(v.tensor());
        Out narrow = Out.of(rounded);
        double firstBias = 1 - Math.pow(how.beta1(), (double) how.step());
        double secondBias = 1 - Math.pow(how.beta2(), (double) how.step());
        for (long i = 0, n = g.count(); i < n; i++) {
            double gradient = how.gradientScale() * gradients.at(i);
            double mean = how.beta1() * oldFirst.at(i) + (1 - how.beta1()) * gradient;
            double square = how.beta2() * oldSecond.at(i) + (1 - how.beta2()) * gradient * gradient;
            double decayed = oldParameter.at(i) * (1 - how.lr() * how.weightDecay());
            double update = mean / firstBias / (Math.sqrt(square / secondBias) + how.eps());
            first.put(i, mean);
            second.put(i, square);
            parameter.put(i, decayed - how.lr() * update);
            if (narrow != null) {
                narrow.put(i, oldParameter.at(i)); // as it was stored
            }
        }
    }
}
