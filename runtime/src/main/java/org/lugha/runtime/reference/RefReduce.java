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
    public void sumAxis(Tensor x, Into y) {
        In in = In.of(x);
        Out out = Out.of(y);
        long width = x.dim(2);
        for (long a = 0; a < x.dim(0); a++) {
            for (long b = 0; b < width; b++) {
                double sum = 0;
                for (long n = 0; n < x.dim(1); n++) {
                    sum += in.at((a * x.dim(1) + n) * width + b);
                }
                out.put(a * width + b, sum);
            }
        }
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
