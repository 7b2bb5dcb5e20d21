package org.lugha.runtime.reference;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.LossKernel;

/** {@link LossKernel} with one row of logits at a time. */
public final class RefLoss implements LossKernel {

    @Override
    public void forward(Tensor h, Tensor w, Tensor labels, Into nll, Into lse, Into dh) {
        int width = h.shape().last();
        double[][] hidden = In.rows(h, width);
        double[][] weight = In.rows(w, width);
        In label = In.of(labels);
        Out toNll = Out.of(nll);
        Out toLse = Out.of(lse);
        Out toHidden = Out.of(dh);
        for (int n = 0; n < hidden.length; n++) {
            double[] z = logits(hidden[n], weight);
            double total = logSumExp(z);
            int wanted = label.id(n);
            if (toNll != null) {
                toNll.put(n, total - z[wanted]);
            }
            if (toLse != null) {
                toLse.put(n, total);
            }
            if (toHidden != null) {
                double[] sum = new double[width];
                for (int v = 0; v < z.length; v++) {
                    addScaled(sum, probabilityOff(z[v], total, v == wanted), weight[v]);
                }
                toHidden.putAll((long) n * width, sum);
            }
        }
    }

    @Override
    public void weightGradient(
            Tensor h, Tensor w, Tensor labels, Tensor lse, double scale, Into dw) {
        int width = h.shape().last();
        double[][] hidden = In.rows(h, width);
        double[][] weight = In.rows(w, width);
        In label = In.of(labels);
        In totals = In.of(lse);
        double[][] sums = new double[weight.length][width];
        for (int n = 0; n < hidden.length; n++) {
            double[] z = logits(hidden[n], weight);
            double total = totals.at(n);
            int wanted = label.id(n);
            for (int v = 0; v < z.length; v++) {
                double off = probabilityOff(z[v], total, v == wanted);
                addScaled(sums[v], scale * off, hidden[n]);
            }
        }
        Out out = Out.of(dw);
        for (int v = 0; v < sums.length; v++) {
            out.putAll((long) v * width, sums[v]);
        }
    }

    /** {@code p - [v = label]}. */
    private static double probabilityOff(double z, double lse, boolean isLabel) {
        return Math.exp(z - lse) - (isLabel ? 1 : 0);
    }

    /** {@code z[v] = sum_i h[i] w[v, i]}. */
    private static double[] logits(double[] h, double[][] w) {
        double[] z = new double[w.length];
        for (int v = 0; v < z.length; v++) {
            for (int i = 0; i < h.length; i++) {
                z[v] += h[i] * w[v][i];
            }
        }
        return z;
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

    private static void addScaled(double[] sum, double factor, double[] x) {
        for (int i = 0; i < x.length; i++) {
            sum[i] += factor * x[i];
        }
    }
}
