package org.lugha.runtime.reference;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.SoftmaxKernel;

/** {@link SoftmaxKernel} row by row. */
public final class RefSoftmax implements SoftmaxKernel {

    @Override
    public void forward(Tensor x, Into y) {
        In in = In.of(x);
        Out out = Out.of(y);
        int width = x.shape().last();
        double[] e = new double[width];
        for (long row = 0, n = x.shape().rows(); row < n; row++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < width; i++) {
                max = Math.max(max, in.at(row * width + i));
            }
            double sum = 0;
            for (int i = 0; i < width; i++) {
                e[i] = Math.exp(in.at(row * width + i) - max);
                sum += e[i];
            }
            for (int i = 0; i < width; i++) {
                out.put(row * width + i, e[i] / sum);
            }
        }
    }

    @Override
    public void backward(Tensor y, Tensor dy, Into dx) {
        In in = In.of(y);
        In gradient = In.of(dy);
        Out out = Out.of(dx);
        int width = y.shape().last();
        for (long row = 0, n = y.shape().rows(); row < n; row++) {
            double dot = 0;
            for (int i = 0; i < width; i++) {
                dot += gradient.at(row * width + i) * in.at(row * width + i);
            }
            for (int i = 0; i < width; i++) {
                long at = row * width + i;
                out.put(at, in.at(at) * (gradient.at(at) - dot));
            }
        }
    }
}
