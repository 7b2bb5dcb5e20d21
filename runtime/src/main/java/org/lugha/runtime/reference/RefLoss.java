package org.lugha.runtime.reference;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.LossKernel;

/** {@link LossKernel} with one row of logits at a time. */
public final class RefLoss implements LossKernel {

    @Override
    public void forward(Tensor h, Tensor w, Tensor labels, Into nll, Into lse, Into dh) {
        In hidden = In.of(h);
        In weight = In.of(w);
        In label = In.of(labels);
        Out toNll = Out.of(nll);
        Out toLse = Out.of(lse);
        Out toHidden = Out.of(dh);
        int width = h.shape().last();
        double[] z = new double[w.dim(0)];
        for (int n = 0; n < h.dim(0); n++) {
            logits(hidden, n, weight, width, z);
            double total = logSumExp(z);
            int wanted = label.id(n);
            if (toNll != null) {
                toNll.put(n, total - z[wanted]);
            }
            if (toLse != null) {
                toLse.put(n, total);
            }
            if (toHidden != null) {
                toHidden.putAll((long) n * width, hiddenGradient(z, total, wanted, weight, width));
            }
        }
    }

    @Override
    public void weightGradient(
            Tensor h, Tensor w, Tensor labels, Tensor lse, double scale, Into dw) {
        In hidden = In.of(h);
        In weight = In.of(w);
        In label = In.of(labels);
        In totals = In.of(lse);
        int width = h.shape().last();
        double[] z = new double[w.dim(0)];
        double[] sums = new double[Math.toIntExact(w.count())];
        for (int n = 0; n < h.dim(0); n++) {
            logits(hidden, n, weight, width, z);
            int wanted = label.id(n);
            for (int v = 0; v < z.length; v++) {
                double factor = Math.exp(z[v] - totals.at(n)) - (v == wanted ? 1 : 0);
                for (int i = 0; i < width; i++) {
                    sums[v * width + i] += scale * factor * hidden.at((long) n * width + i);
                }
            }
        }
        Out.of(dw).putAll(0, sums);
    }

    /** {@code z[v] = sum_i h[n, i] w[v, i]}. */
    private static void logits(In h, long n, In w, int width, double[] z) {
        for (int v = 0; v < z.length; v++) {
            z[v] = 0;
            for (int i = 0; i < width; i++) {
                z[v] += h.at(n * width + i) * w.at((long) v * width + i);
            }
        }
    }

    private static double logSumExp(double[] z) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : z) {
            max = Math.max(max, value);
        }
        double sum = 0;
        for (double value : z) {
            sum += Math.exp(value - max);
        }
        return max + Math.log(sum);
    }

    /** {@code sum_v (p[v] - [v = wanted]) w[v]}. */
    private static double[] hiddenGradient(double[] z, double total, int wanted, In w, int width) {
        double[] sums = new double[width];
        for (int v = 0; v < z.length; v++) {
            double factor = Math.exp(z[v] - total) - (v == wanted ? 1 : 0);
            for (int i = 0; i < width; i++) {
                sums[i] += factor * w.at((long) v * width + i);
            }
        }
        return sums;
    }
}
