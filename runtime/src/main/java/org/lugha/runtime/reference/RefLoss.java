package org.lugha.runtime.reference;

import org.lugha.runtime.Tensor;
import org.lugha.runtime.spi.Into;
import org.lugha.runtime.spi.LossKernel;

/** {@link LossKernel} with one row of logits at a time. */
public final class RefLoss implements LossKernel {

    @Override
    public void forward(
            Tensor h, Tensor w, Tensor labels, double cap, Into nll, Into lse, Into dh) {
        int width = h.shape().last();
        double[][] hidden = In.rows(h, width);
        double[][] weight = In.rows(w, width);
        In label = In.of(labels);
        Out toNll = Out.of(nll);
        Out toLse = Out.of(lse);
        Out toHidden = Out.of(dh);
        for (int n = 0; n < hidden.length; n++) {
            double[] z = logits(hidden[n], weight, cap);
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
                    addScaled(sum, slope(z[v], total, v == wanted, cap), weight[v]);
                }
                toHidden.putAll((long) n * width, sum);
            }
        }
    }

    @Override
    public void weightGradient(
            Tensor h, Tensor w, Tensor labels, double cap, Tensor lse, double scale, Into dw) {
        int width = h.shape().last();
        double[][] hidden = In.rows(h, width);
        double[][] weight = In.rows(w, width);
        In label = In.of(labels);
        In totals = In.of(lse);
        double[][] sums = new double[weight.length][width];
        for (int n = 0; n < hidden.length; n++) {
            double[] z = logits(hidden[n], weight, cap);
            double total = totals.at(n);
            int wanted = label.id(n);
            for (int v = 0; v < z.length; v++) {
                addScaled(sums[v], scale * slope(z[v], total, v == wanted, cap), hidden[n]);
            }
        }
        Out out = Out.of(dw);
        for (int v = 0; v < sums.length; v++) {
            out.putAll((long) v * width, sums[v]);
        }
    }

    @Override
    public void logits(Tensor z, Tensor labels, double smoothing, Into nll, Into lse) {
        double[][] rows = In.rows(z, z.shape().last());
        In label = In.of(labels);
        Out toNll = Out.of(nll);
        Out toLse = Out.of(lse);
        for (int n = 0; n < rows.length; n++) {
            int wanted = label.id(n);
            double total = wanted < 0 ? 0 : logSumExp(rows[n]);
            double loss = 0;
            if (wanted >= 0) {
                loss = total - (1 - smoothing) * rows[n][wanted];
                for (double value : smoothing == 0 ? new double[0] : rows[n]) {
                    loss -= smoothing / rows[n].length * value;
                }
            }
            toNll.put(n, loss);
            toLse.put(n, total);
        }
    }

    @Override
    public void logitsGradient(
            Tensor z, Tensor labels, double smoothing, Tensor lse, double scale, Into dz) {
        int words = z.shape().last();
        double[][] rows = In.rows(z, words);
        In label = In.of(labels);
        In totals = In.of(lse);
        Out out = Out.of(dz);
        for (int n = 0; n < rows.length; n++) {
            int wanted = label.id(n);
            for (int v = 0; v < words; v++) {
                double p = Math.exp(rows[n][v] - totals.at(n));
                double hope = smoothing / words + (v == wanted ? 1 - smoothing : 0);
                out.put((long) n * words + v, wanted < 0 ? 0 : scale * (p - hope));
            }
        }
    }

    @Override
    public void divergence(Tensor z, Tensor t, double temperature, Into kl, Into dz, Into dt) {
        int words = z.shape().last();
        double[][] student = In.rows(z, words);
        double[][] teacher = In.rows(t, words);
        Out toKl = Out.of(kl);
        Out toStudent = Out.of(dz);
        Out toTeacher = Out.of(dt);
        for (int n = 0; n < student.length; n++) {
            double[] logQ = logSoftmax(student[n], temperature);
            double[] logP = logSoftmax(teacher[n], temperature);
            double[] share = new double[words];
            double sum = 0;
            for (int v = 0; v < words; v++) {
                double p = Math.exp(logP[v]);
                share[v] = p == 0 ? 0 : p * (logP[v] - logQ[v]);
                sum += share[v];
            }
            toKl.put(n, sum);
            for (int v = 0; v < words; v++) {
                long at = (long) n * words + v;
                double p = Math.exp(logP[v]);
                if (toStudent != null) {
                    toStudent.put(at, (Math.exp(logQ[v]) - p) / temperature);
                }
                if (toTeacher != null) {
                    toTeacher.put(at, (share[v] - p * sum) / temperature);
                }
            }
        }
    }

    private static double[] logSoftmax(double[] logits, double temperature) {
        double[] z = new double[logits.length];
        for (int v = 0; v < z.length; v++) {
            z[v] = logits[v] / temperature;
        }
        double total = logSumExp(z);
        for (int v = 0; v < z.length; v++) {
            z[v] -= total;
        }
        return z;
    }

    /** {@code (p - [v = label]) (1 - (z / cap)^2)}. */
    private static double slope(double z, double lse, boolean isLabel, double cap) {
        double bent = cap == 0 ? 0 : z / cap;
        return (Math.exp(z - lse) - (isLabel ? 1 : 0)) * (1 - bent * bent);
    }

    /** {@code z[v] = sum_i h[i] w[v, i]}, bent where there is a cap. */
    private static double[] logits(double[] h, double[][] w, double cap) {
        double[] z = new double[w.length];
        for (int v = 0; v < z.length; v++) {
            for (int i = 0; i < h.length; i++) {
                z[v] += h[i] * w[v][i];
            }
            z[v] = cap == 0 ? z[v] : cap * Math.tanh(z[v] / cap);
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
