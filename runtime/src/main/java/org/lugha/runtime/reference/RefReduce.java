package org.lugha.runtime.reference;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.ReduceKernel;

/** {@link ReduceKernel} from the first element to the last. */
public final class RefReduce implements ReduceKernel {

    @Override
    public void sumRows(Tensor x, Into y) {
        In in = In.of(x);
        double[] sums = new double[x.shape().last()];
        for (long i = 0, n = x.count(); i < n; i++) {
            sums[(int) (i % sums.length)] += in.at(i);
        }
        Out.of(y).putAll(0, sums);
    }

    @Override
    public void sum(Tensor x, Into y) {
        In in = In.of(x);
        double sum = 0;
        for (long i = 0, n = x.count(); i < n; i++) {
            sum += in.at(i);
        }
        Out.of(y).put(0, sum);
    }

    @Override
    public void sumOfSquares(Tensor x, Into y) {
        In in = In.of(x);
        double sum = 0;
        for (long i = 0, n = x.count(); i < n; i++) {
            sum += in.at(i) * in.at(i);
        }
        Out.of(y).put(0, sum);
    }
}
